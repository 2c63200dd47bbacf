"""Joins the rows that the other programs print into the fixtures that the tests read.

    python collect.py saved.jsonl... counts.jsonl checkpoints.jsonl
"""
import json
import sys
from pathlib import Path

from shapes import shape_of


def main():
    saved, counts, files, configs = [], [], [], {}
    for name in sys.argv[1:]:
        for line in Path(name).read_text().splitlines():
            row = json.loads(line)
            config = shape_of(row.pop("config"))
            if "parameters" in row:
                counts.append(dict(row, config=config))
            elif "weightBytes" in row:
                configs[row["family"] + " 4"] = config
                files.append(row)
            else:
                configs[row["family"]] = config
                saved.append(row)
    here = Path(__file__).parent
    lines = lambda rows: "[\n" + ",\n".join("    " + json.dumps(one) for one in rows) + "\n  ]"
    text = json.dumps({family: config for family, config in configs.items() if not family.endswith(" 4")})
    (here / "saved.json").write_text('{\n  "configs": ' + text + ',\n  "rows": ' + lines(saved) + "\n}\n")
    text = json.dumps({family: config for family, config in configs.items() if family.endswith(" 4")})
    (here / "checkpoints.json").write_text('{\n  "configs": ' + text + ',\n  "rows": ' + lines(files) + "\n}\n")
    (here / "counts.json").write_text('{\n  "rows": ' + lines(counts) + "\n}\n")


main()
