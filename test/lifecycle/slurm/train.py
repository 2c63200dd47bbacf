"""A toy trainer: steps of a fixed length, saves that take a while, a log of both. It goes on from its latest save."""

import json
import os
import signal
import time

run, step_seconds = os.environ["RUN_DIR"], float(os.environ["STEP_SECONDS"])
every, write_seconds = int(os.environ["SAVE_EVERY"]), float(os.environ["WRITE_SECONDS"])
total, listens = int(os.environ["STEPS"]), os.environ.get("LISTENS", "")
latest = os.path.join(run, "latest.json")
told = False


def log(event, step):
    with open(os.path.join(run, "events.log"), "a") as file:
        file.write(json.dumps({"event": event, "step": step, "time": time.time()}) + "\n")


def on_signal(signum, frame):
    global told
    told = True


def save(step):
    log("save", step)
    with open(latest + ".part", "w") as file:
        json.dump({"step": step}, file)
        file.flush()
        time.sleep(write_seconds)
    os.replace(latest + ".part", latest)
    log("saved", step)


if listens:
    signal.signal(getattr(signal, "SIG" + listens), on_signal)
step = 0
if os.path.exists(latest):
    with open(latest) as file:
        step = json.load(file)["step"]
log("start", step)
print("starts at step", step, flush=True)
while step < total:
    time.sleep(step_seconds)
    step += 1
    log("step", step)
    if told or step % every == 0:
        save(step)
    if told:
        log("told", step)
        # The scheduler ends the job; a run that ended by itself would count as done.
        time.sleep(3600)
log("done", step)
