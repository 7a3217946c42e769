"""A file from one libtorrent session to another over TCP on loopback, each in its own process.

Usage: libtorrent-pair.py WORKFOLDER MEBIBYTES. Prints 10^6 bytes a second, from the first connection to the last
verified piece. Everything that is not the transfer (DHT, encryption, uTP, port mapping) is off.
"""
import mmap
import os
import shutil
import sys
import tempfile
import time

import libtorrent as lt

SETTINGS = {
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_utp": False,
    "enable_outgoing_utp": False,
    "out_enc_policy": int(lt.enc_policy.disabled),
    "in_enc_policy": int(lt.enc_policy.disabled),
    "allow_multiple_connections_per_ip": True,
    "max_out_request_queue": 1500,
    "max_allowed_in_request_queue": 2000,
    "send_buffer_watermark": 3 << 20,
    "send_buffer_watermark_factor": 150,
    "max_queued_disk_bytes": 64 << 20,
    "alert_mask": 0,
}


def torrent_of(folder):
    files = lt.file_storage()
    lt.add_files(files, os.path.join(folder, "film.bin"))
    torrent = lt.create_torrent(files, piece_size=1 << 20, flags=lt.create_torrent.v1_only)
    lt.set_piece_hashes(torrent, folder)
    return lt.torrent_info(lt.bencode(torrent.generate()))


def start(info, folder, seeds):
    session = lt.session(SETTINGS)
    parameters = lt.add_torrent_params()
    parameters.ti = info
    parameters.save_path = folder
    parameters.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
    if seeds:
        parameters.flags |= lt.torrent_flags.seed_mode
    return session, session.add_torrent(parameters)


def seed(info, folder, give):
    session, _ = start(info, folder, seeds=True)
    while session.listen_port() == 0:
        time.sleep(0.01)
    os.write(give, b"%d\n" % session.listen_port())
    while True:
        time.sleep(1)


def fetch(info, folder, port):
    _, handle = start(info, folder, seeds=False)
    while handle.status().state not in (lt.torrent_status.downloading, lt.torrent_status.downloading_metadata):
        time.sleep(0.005)
    started = time.monotonic()
    handle.connect_peer(("127.0.0.1", port))
    while not handle.status().is_finished:
        time.sleep(0.005)
    return time.monotonic() - started


def warm_memory(folder, mebibytes):
    """Where the machine is a virtual one, memory that nobody has used for some seconds costs ten times as much to write to."""
    with mmap.mmap(-1, 2 * mebibytes << 20) as memory, tempfile.TemporaryFile(dir=folder) as file:
        for page in range(0, len(memory), mmap.PAGESIZE):
            memory[page] = 1
        for _ in range(2 * mebibytes):
            file.write(bytes(1 << 20))


def main():
    work, mebibytes = sys.argv[1], int(sys.argv[2])
    folder = tempfile.mkdtemp(dir=work)
    there, here = os.path.join(folder, "there"), os.path.join(folder, "here")
    os.mkdir(there)
    os.mkdir(here)
    with open(os.path.join(there, "film.bin"), "wb") as film:
        for _ in range(mebibytes):
            film.write(os.urandom(1 << 20))
    info = torrent_of(there)
    take, give = os.pipe()
    child = os.fork()
    if child == 0:
        seed(info, there, give)
    try:
        port = int(os.read(take, 16))
        warm_memory(folder, mebibytes)
        seconds = fetch(info, here, port)
        print("%.1f" % (mebibytes * (1 << 20) / seconds / 1e6))
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        shutil.rmtree(folder)


main()
