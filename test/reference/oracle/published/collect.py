"""Joins the rows that language.py and vision.py print into the fixtures that the tests read; of a model counted twice the last stands.

    python collect.py language.jsonl... -- counts.jsonl..."""
import json
import sys
from pathlib import Path

here = Path(__file__).parent
split = sys.argv.index("--")


def rows(names):
    for name in names:
        for line in Path(name).read_text().splitlines():
            yield json.loads(line)


def written(name, head, groups):
    """One row a line, so that a change is one line of a diff."""
    body = ",\n".join('    "%s": {\n%s\n    }' % (key, ",\n".join(f"      {json.dumps(k)}: {v}" for k, v in sorted(of.items()))) for key, of in groups.items())
    (here / name).write_text('{\n  "library": %s,\n  "parameters": {\n%s\n  }\n}\n' % (json.dumps(head), body))


language, vision, versions = {}, {}, {}
for row in rows(sys.argv[1:split]):
    versions["language"] = row["library"]
    language.setdefault(row["family"], {})[row["model"]] = row["parameters"]
written("language.json", versions["language"], dict(sorted(language.items())))
libraries = {}
for row in rows(sys.argv[split + 1:]):
    libraries[row["library"]] = row["version"]
    vision.setdefault(row["library"], {})[row["name"]] = row["parameters"]
written("vision.json", " ".join(f"{name} {version}" for name, version in sorted(libraries.items())), dict(sorted(vision.items())))
