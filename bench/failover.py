"""Parts of failover.sh: the door in front of a tracker, and the clock.

door PORT TARGET     forwards PORT to TARGET; from SIGUSR1 on it resets every connection, from SIGUSR2 on it is silent.
watch PID SIGNAL URL...  sends the signal, and prints for each agent the seconds until its second tracker is connected.
"""
import http.client
import json
import os
import select
import signal
import socket
import struct
import sys
import threading
import time
from urllib.parse import urlsplit

mode = "forward"
open_sockets = set()


def reset(sock):
    open_sockets.discard(sock)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def pump(client, target):
    """One connection; when the door is silent it swallows what comes, and answers nothing."""
    if mode == "reset":
        return reset(client)
    open_sockets.add(client)
    server = socket.create_connection(("127.0.0.1", target)) if mode == "forward" else None
    try:
        while True:
            ready = select.select([s for s in (client, server) if s], [], [])[0]
            for sock in ready:
                data = sock.recv(65536)
                if not data:
                    return
                if mode == "forward":
                    (server if sock is client else client).sendall(data)
    except OSError:
        pass  # The other side is gone, or the door resets everything.
    finally:
        open_sockets.discard(client)
        client.close()
        if server:
            server.close()


def door(port, target):
    def become(new):
        global mode
        mode = new
        if new == "reset":
            for sock in list(open_sockets):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                sock.shutdown(socket.SHUT_RD)  # Wakes the pump, whose close then resets.

    signal.signal(signal.SIGUSR1, lambda *_: become("reset"))
    signal.signal(signal.SIGUSR2, lambda *_: become("silent"))
    listener = socket.create_server(("127.0.0.1", port), backlog=128)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=pump, args=(client, target), daemon=True).start()


def second_is_connected(connection):
    connection.request("GET", "/streams/one", headers={"X-Player-Id": "bench"})
    trackers = json.loads(connection.getresponse().read())["trackers"]
    return trackers[1]["state"] == "Connected"


def watch(pid, number, urls):
    took = [None] * len(urls)

    def follow(i, started):
        connection = http.client.HTTPConnection(urlsplit(urls[i]).netloc)
        while not second_is_connected(connection):
            if time.monotonic() - started > 120:
                sys.exit("An agent found no tracker within two minutes.")
            time.sleep(0.05)
        took[i] = time.monotonic() - started

    os.kill(pid, number)
    started = time.monotonic()
    followers = [threading.Thread(target=follow, args=(i, started)) for i in range(len(urls))]
    for follower in followers:
        follower.start()
    for follower in followers:
        follower.join()
    print("\n".join(f"{t:.2f}" for t in took))


if sys.argv[1] == "door":
    door(int(sys.argv[2]), int(sys.argv[3]))
else:
    watch(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
