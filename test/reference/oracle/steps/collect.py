"""Joins the rows that steps.py prints into the fixture that the tests read, configurations apart.

    python collect.py steps.jsonl..."""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "layers"))
from shapes import shape_of  # noqa: E402

configs, rows = {}, []
for name in sys.argv[1:]:
    for line in Path(name).read_text().splitlines():
        row = json.loads(line)
        config = shape_of(row.pop("config"))
        config.pop("dtype", None)
        configs[row["model"]] = config
        versions = row.pop("versions")
        rows.append(dict(row, library=" ".join(f"{key} {value.split('+')[0]}" for key, value in versions.items())))
lines = ",\n".join("    " + json.dumps(row) for row in rows)
text = ",\n".join(f"    {json.dumps(name)}: {json.dumps(config)}" for name, config in configs.items())
(Path(__file__).parent / "steps.json").write_text('{\n  "configs": {\n' + text + '\n  },\n  "rows": [\n' + lines + "\n  ]\n}\n")
