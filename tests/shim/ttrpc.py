# SPDX-License-Identifier: GPL-2.0-or-later
"""ttrpc - enough of ttrpc and protobuf to talk to a shim, and to be its containerd."""
import os
import queue
import socket
import struct
import threading


def varint(value):
    value &= (1 << 64) - 1
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def message(**fields):
    """Fields by number: _1=..., strings, bytes and integers; lists repeat."""
    out = b""
    for name, values in fields.items():
        number = int(name[1:])
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, str):
                value = value.encode()
            if isinstance(value, bytes):
                out += varint(number << 3 | 2) + varint(len(value)) + value
            else:
                out += varint(number << 3) + varint(int(value))
    return out


def parse(data):
    """Bytes to {number: [values]}."""
    fields, at = {}, 0

    def number():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = number()
        if key & 7 == 0:
            value = number()
        elif key & 7 == 2:
            size = number()
            value = data[at : at + size]
            at += size
        elif key & 7 == 1:
            value, at = data[at : at + 8], at + 8
        else:
            value, at = data[at : at + 4], at + 4
        fields.setdefault(key >> 3, []).append(value)
    return fields


def first(fields, number, default=0):
    return fields.get(number, [default])[0]


def text(fields, number):
    return first(fields, number, b"").decode()


def any_of(name, value):
    return message(_1=name, _2=value)


class Failure(Exception):
    def __init__(self, code, text_):
        super().__init__(f"{code}: {text_}")
        self.code, self.text = code, text_


def read_exactly(sock, size):
    data = b""
    while len(data) < size:
        piece = sock.recv(size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def read_frame(sock):
    size, stream, kind, flags = struct.unpack(">IIBB", read_exactly(sock, 10))
    return stream, kind, flags, read_exactly(sock, size)


def frame(stream, kind, data):
    return struct.pack(">IIBB", len(data), stream, kind, 0) + data


class Client:
    """One connection; answers may come in any order."""

    def __init__(self, path, version=2):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(path)
        self.service = f"containerd.task.v{version}.Task"
        self.stream, self.answers = -1, {}
        self.ended = threading.Event()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        try:
            while True:
                stream, _, _, data = read_frame(self.sock)
                self.box(stream).put(data)
        except (OSError, EOFError):
            self.ended.set()
            for box in list(self.answers.values()):
                box.put(None)

    def box(self, stream):
        return self.answers.setdefault(stream, queue.Queue())

    def send(self, method, payload, timeout_ns=0, service=None):
        self.stream += 2
        self.box(self.stream)
        request = message(_1=service or self.service, _2=method, _3=payload)
        if timeout_ns:
            request += message(_4=timeout_ns)
        self.sock.sendall(frame(self.stream, 1, request))
        return self.stream

    def raw(self, stream, kind, data):
        self.box(stream)
        self.sock.sendall(frame(stream, kind, data))
        return self.receive(stream)

    def receive(self, stream, seconds=20):
        data = self.box(stream).get(timeout=seconds)
        if data is None:
            raise EOFError
        answer = parse(data)
        status = parse(first(answer, 1, b""))
        if first(status, 1):
            raise Failure(first(status, 1), text(status, 2))
        return parse(first(answer, 2, b""))

    def call(self, method, payload=b"", **options):
        return self.receive(self.send(method, payload, **options))

    def close(self):
        self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()


class Listener:
    """containerd's side of events: the topics, in their order, with what they carry."""

    def __init__(self, path):
        self.path, self.events, self.refuse = path, [], 0
        self.changed = threading.Condition()
        self.sock = None

    def start(self):
        if os.path.exists(self.path):
            os.unlink(self.path)
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.bind(self.path)
        self.sock.listen()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                peer, _ = self.sock.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        try:
            while True:
                stream, _, _, data = read_frame(peer)
                if self.refuse:
                    self.refuse -= 1
                    status = message(_1=message(_1=2, _2="not now"))
                    peer.sendall(frame(stream, 2, status))
                    continue
                self.take(data)
                peer.sendall(frame(stream, 2, b""))
        except (OSError, EOFError):
            pass

    def take(self, data):
        envelope = parse(first(parse(first(parse(data), 3)), 1))
        event = parse(first(envelope, 4))
        with self.changed:
            self.events.append((text(envelope, 3), parse(first(event, 2, b""))))
            self.changed.notify_all()

    def topics(self):
        return [topic.split("/")[-1] for topic, _ in self.events]

    def wait(self, topic, seconds=20, times=1):
        with self.changed:
            if not self.changed.wait_for(lambda: self.topics().count(topic) >= times, seconds):
                raise TimeoutError(f"{topic} is not in {self.topics()}")
