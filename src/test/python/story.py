"""A third-party client against the simulator: proxmoxer, over HTTPS, by password and by token.

Usage: story.py INFO_FILE CA_FILE. Ends with status 0 only when every step answered as a real
Proxmox VE does.
"""

import json
import sys
import time

from proxmoxer import ProxmoxAPI
from proxmoxer.core import AuthenticationError, ResourceException


def wait_for(node, upid, seconds=30):
    """Polls a task until it has stopped; returns its last status."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        status = node.tasks(upid).status.get()
        if status["status"] == "stopped":
            return status
        time.sleep(0.1)
    raise SystemExit(f"task {upid} did not end within {seconds} s")


def check(what, condition):
    """One line for each thing that has to be so."""
    print(("ok   " if condition else "FAIL ") + what, flush=True)
    if not condition:
        raise SystemExit(1)


def main(info_file, ca_file):
    with open(info_file, encoding="utf-8") as file:
        info = json.load(file)
    first = info["nodes"][0]
    host, port = first["address"].split(":")

    by_password = ProxmoxAPI(
        host, port=int(port), user="root@pam", password=info["rootPassword"], verify_ssl=ca_file
    )
    check("version by password", by_password.version.get()["release"] == info["pve"])

    try:
        ProxmoxAPI(host, port=int(port), user="root@pam", password="wrong", verify_ssl=ca_file)
        check("a wrong password is refused", False)
    except AuthenticationError:
        check("a wrong password is refused", True)

    user, token = info["tokenId"].split("!")
    by_token = ProxmoxAPI(
        host, port=int(port), user=user, token_name=token, token_value=info["tokenSecret"],
        verify_ssl=ca_file,
    )
    nodes = {node["node"]: node["status"] for node in by_token.nodes.get()}
    check(f"nodes by token: {nodes}", nodes.get(first["name"]) == "online")

    node = by_token.nodes(first["name"])
    free = [disk["devpath"] for disk in node.disks.list.get(type="unused")]
    check(f"free disks: {free}", len(free) > 0)
    upid = node.disks.zfs.post(name="tank", devices=free[0], raidlevel="single")
    check(f"a pool is being made: {upid}", upid.startswith(f"UPID:{first['name']}:"))
    status = wait_for(node, upid)
    check(f"the task ended: {status['exitstatus']}", status["exitstatus"] == "OK")
    log = [line["t"] for line in node.tasks(upid).log.get()]
    check(f"its log has {len(log)} lines", log[-1] == "TASK OK")
    check("the pool is there", [pool["name"] for pool in node.disks.zfs.get()] == ["tank"])

    try:
        node.disks.zfs.post(name="tank", devices=free[0], raidlevel="single", wrong=1)
        check("an unknown parameter is refused", False)
    except ResourceException as refused:
        check(
            f"an unknown parameter is refused: {refused.errors}",
            refused.status_code == 400 and "wrong" in refused.errors,
        )
    try:
        by_token.cluster.config.post(clustername="nope")
        check("a token may not create a cluster", False)
    except ResourceException as refused:
        check("a token may not create a cluster", refused.status_code == 403)

    upid = by_password.cluster.config.post(clustername="python")
    check(f"root may: {upid}", upid.startswith("UPID:"))


if __name__ == "__main__":
    main(*sys.argv[1:])
