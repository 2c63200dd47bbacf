"""
Preempts a toy trainer under a live Slurm and measures what it loses. Run by hand, as root, where Debian's packages slurm-wlm and
munge are installed:  python3 test/lifecycle/slurm/preempt.py [OUT.json]

A controller and one node daemon run as plain processes out of a folder of their own and are ended again. A low partition may be
preempted by a high one (partition_prio, REQUEUE, a grace of some seconds); each job of the high one takes the node away once.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

here = os.path.dirname(os.path.abspath(__file__))
home = tempfile.mkdtemp(prefix="slurm-live-")
host = socket.gethostname().split(".")[0]
port = 21817
grace = 8
conf = f"""
ClusterName=live
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmdPort={port + 1}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=cred_expire=5,socket={home}/munge.socket
CredType=cred/munge
StateSaveLocation={home}/state
SlurmdSpoolDir={home}/spool
SlurmctldPidFile={home}/slurmctld.pid
SlurmdPidFile={home}/slurmd.pid
SlurmctldLogFile={home}/slurmctld.log
SlurmdLogFile={home}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=2,batch_sched_delay=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SlurmctldParameters=preempt_send_user_signal
ReturnToService=2
KillWait=2
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=low Nodes={host} Default=YES PriorityTier=1 PreemptMode=REQUEUE GraceTime=0 MaxTime=INFINITE State=UP
PartitionName=grace Nodes={host} PriorityTier=1 PreemptMode=REQUEUE GraceTime={grace} MaxTime=INFINITE State=UP
PartitionName=high Nodes={host} PriorityTier=10 PreemptMode=OFF MaxTime=INFINITE State=UP
"""
environment = {**os.environ, "SLURM_CONF": f"{home}/slurm.conf"}
daemons = []


def start(*words):
    daemons.append(subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT))


def ask(*words):
    return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60).stdout.strip()


def wait(what, seconds, test):
    end = time.time() + seconds
    while time.time() < end:
        found = test()
        if found:
            return found
        time.sleep(0.5)
    raise SystemExit(f"{what} did not come within {seconds} s; see {home}")


def state(job):
    return (re.search(r"JobState=(\w+)", ask("scontrol", "show", "job", str(job))) or [None, "GONE"])[1]


def bring_up():
    for name in ("state", "spool"):
        os.makedirs(f"{home}/{name}")
    with open(f"{home}/slurm.conf", "w") as file:
        file.write(conf)
    with open(f"{home}/munge.key", "wb") as file:
        file.write(os.urandom(1024))
    os.chmod(f"{home}/munge.key", 0o400)
    os.chmod(home, 0o755)
    start("munged", "--foreground", "--force", f"--key-file={home}/munge.key", f"--socket={home}/munge.socket",
          f"--pid-file={home}/munged.pid", f"--seed-file={home}/munge.seed", f"--log-file={home}/munged.log")
    wait("munge", 20, lambda: os.path.exists(f"{home}/munge.socket"))
    start("slurmctld", "-D")
    start("slurmd", "-D")
    wait("the node", 60, lambda: "idle" in ask("sinfo", "-h", "-o", "%t"))


def submit(name, partition, header, more):
    run = f"{home}/{name}"
    os.makedirs(run)
    values = {"RUN_DIR": run, "STEP_SECONDS": "0.1", "SAVE_EVERY": "50", "WRITE_SECONDS": "1", "STEPS": "100000", **more}
    script = ["#!/bin/bash", f"#SBATCH --partition={partition}", "#SBATCH --ntasks=1", "#SBATCH --cpus-per-task=2",
              f"#SBATCH --output={run}/log.txt", *[f"#SBATCH {line}" for line in header],
              *[f"export {key}={value}" for key, value in values.items()], f"srun {sys.executable} {here}/train.py"]
    with open(f"{run}/job.sbatch", "w") as file:
        file.write("\n".join(script) + "\n")
    return run, int(ask("sbatch", "--parsable", f"{run}/job.sbatch"))


def events(run):
    path = f"{run}/events.log"
    return [json.loads(line) for line in open(path)] if os.path.exists(path) else []


def starts(run):
    return sum(one["event"] == "start" for one in events(run))


def preempt(run, job, times):
    """Takes the node away some times, each at another distance from the last save."""
    for count in range(times):
        wait("the run", 90, lambda: starts(run) > count and events(run)[-1]["event"] == "step")
        time.sleep(3 + 2.3 * count)
        other = int(ask("sbatch", "--parsable", "--partition=high", "--cpus-per-task=2", "--output=/dev/null", "--wrap=sleep 2"))
        wait("the other job", 90, lambda: state(other) in ("COMPLETED", "GONE"))
        # A job that is requeued waits some seconds; one that ended stays ended.
        time.sleep(4)
        if state(job) not in ("PENDING", "RUNNING", "CONFIGURING", "COMPLETING"):
            return
    wait("the last start", 90, lambda: starts(run) > times)
    time.sleep(2)


def measure(run):
    """What each preemption lost: work that was done and had to be done again, in seconds of the run's own steps."""
    log, lost, steps, writes = events(run), [], [], []
    for before, after in zip(log, log[1:]):
        if after["event"] == "step" and before["event"] in ("step", "saved", "start"):
            steps.append(after["time"] - before["time"])
        if before["event"] == "save" and after["event"] == "saved":
            writes.append(after["time"] - before["time"])
    mean = sum(steps) / len(steps)
    for at, one in enumerate(log):
        if one["event"] == "start" and at > 0:
            done = max(other["step"] for other in log[:at])
            last = log[at - 1]
            # A save that was cut off is stalled time that counts as lost too.
            cut = min(1.5, writes[0]) if last["event"] == "save" else 0
            lost.append(round((done - one["step"]) * mean + cut, 3))
    return {"stepSeconds": round(mean, 4), "writeSeconds": round(sum(writes) / max(1, len(writes)), 4), "lostSeconds": lost}


append = "--open-mode=append"
# Name, partition, header, settings of the trainer, whether it saves when told, how often it is preempted.
cases = [
    ("saves only at its interval", "low", ["--requeue", append], {}, False, 5),
    ("saves when told, within the grace", "grace", ["--requeue", append, "--signal=USR1@60"], {"LISTENS": "USR1"}, True, 5),
    ("ends on the word, within the grace", "grace", ["--requeue", append], {}, False, 1),
    ("is not requeued", "low", ["--no-requeue", append], {}, False, 1),
    ("log is not appended", "low", ["--requeue"], {}, False, 1),
]
finished = False
try:
    bring_up()
    rows = []
    for name, partition, header, more, on_notice, times in cases:
        run, job = submit(re.sub(r"\W+", "-", name), partition, header, more)
        preempt(run, job, times)
        found = measure(run)
        every = int(more.get("SAVE_EVERY", 50)) * found["stepSeconds"]
        text = open(f"{run}/log.txt").read()
        rows.append({"case": name, "header": header, "savedOnNotice": on_notice, "graceSeconds": grace if partition == "grace" else 0, "intervalSeconds": round(every, 3),
                     **found, "endedAs": state(job), "startsInLog": text.count("starts at step"), "starts": starts(run)})
        print(json.dumps(rows[-1]), flush=True)
        ask("scancel", str(job))
        wait("the end of the job", 60, lambda: "idle" in ask("sinfo", "-h", "-o", "%t"))
    if len(sys.argv) > 1:
        version = ask("slurmctld", "-V")
        with open(sys.argv[1], "w") as file:
            json.dump({"slurm": version, "runs": rows}, file, indent=2)
            file.write("\n")
    finished = True
finally:
    for daemon in reversed(daemons):
        daemon.terminate()
    for daemon in daemons:
        daemon.wait(20)
    # What went wrong is in the logs of the daemons.
    if finished:
        shutil.rmtree(home, ignore_errors=True)
