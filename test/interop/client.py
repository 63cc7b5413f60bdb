"""A member of Moot in Python, without generated code: its messages are built from the image that `buf build` makes.

python3 client.py IMAGE FIXTURES ROTATIONS ADDRESS...   joins each community, publishes there, asks the first one for all articles, verifies
every seal by the recipe of README ("Seals, for other languages"), and prints what it found as one line of JSON.
"""
import base64
import hashlib
import json
import sys

import grpc
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


def H(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def base32hex(data):
    """RFC 4648 section 7 in lower case, without padding (b32hexencode came with Python 3.10)."""
    return base64.b32hexencode(data).decode().lower().rstrip("=")


def open_image(path):
    files = descriptor_pb2.FileDescriptorSet()
    with open(path, "rb") as image:
        files.ParseFromString(image.read())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    return pool, lambda name: factory.GetPrototype(pool.FindMessageTypeByName("moot.v1." + name))


def verify(data, proof, entry_type):
    """Returns the article's id. Raises unless its origin sealed these bytes at this place."""
    seal = proof.seal
    leaf = H(b"\0", data)
    entry = entry_type.FromString(data)
    if (entry.origin, entry.epoch, entry.seq) != (seal.origin, seal.epoch, seal.first_seq + proof.index):
        raise ValueError("the entry is not at its seal's place")
    if proof.index >= seal.size:
        raise ValueError("the index is outside the seal")
    node, at, width, path = leaf, proof.index, seal.size, list(proof.path)
    while width > 1:
        if not (at % 2 == 0 and at + 1 == width):
            if not path or len(path[0]) != 32:
                raise ValueError("the path is too short")
            p = path.pop(0)
            node = H(b"\1", node, p) if at % 2 == 0 else H(b"\1", p, node)
        at, width = at // 2, (width + 1) // 2
    if path or node != seal.root:
        raise ValueError("the path does not lead to the root")
    origin = H(seal.public_key[:32])
    if base32hex(origin) != seal.origin:
        raise ValueError("the key is not the origin's")
    key, since = newest_key(seal.public_key, entry_type)
    if (seal.epoch, seal.first_seq) <= since:
        raise ValueError("the key did not hold yet")
    check_signature(key, seal.signature, origin, seal.epoch, seal.first_seq, seal.size, seal.root, seal.previous)
    return base32hex(leaf)


def check_signature(key, signature, origin, epoch, first_seq, size, root, previous):
    numbers = epoch.to_bytes(8, "big") + first_seq.to_bytes(8, "big") + size.to_bytes(4, "big")
    signed = b"moot/seal/v1" + origin + numbers + root + previous
    if len(signed) != 128:
        raise ValueError("the seal's hashes are not 32 bytes each")
    Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)


def newest_key(public_key, entry_type):
    """Goes through the rotations behind the first key. Returns the key that holds, and the place past which it does."""
    key, place, rest = public_key[:32], (0, 0), public_key[32:]
    origin = H(key)
    while rest:
        previous, signature, size = rest[:32], rest[32:96], int.from_bytes(rest[96:98], "big")
        data, rest = rest[98 : 98 + size], rest[98 + size :]
        entry = entry_type.FromString(data)
        if entry.origin != base32hex(origin) or entry.kind != 3 or (entry.epoch, entry.seq) <= place:
            raise ValueError("a rotation is not the community's, or not after the one before")
        check_signature(key, signature, origin, entry.epoch, entry.seq, 1, H(b"\0", data), previous)
        key, place = entry.next_public_key, (entry.epoch, entry.seq)
    return key, place


def check_fixtures(path, message):
    """Every id of the fixtures found again; a flipped bit is noticed."""
    with open(path, encoding="utf-8") as file:
        made = json.load(file)
    for each in made["entries"]:
        data, proof = bytes.fromhex(each["bytes"]), message("Proof").FromString(bytes.fromhex(each["proof"]))
        entry, meaning = message("Entry").FromString(data), each["meaning"]
        assert (entry.title, entry.body, entry.topic) == (meaning["title"], meaning["body"], meaning["topic"])
        assert (entry.seq, entry.published_at_ms) == (meaning["seq"], meaning["publishedAtMs"])
        assert verify(data, proof, message("Entry")) == each["id"]
        for wrong in (data[:-1] + bytes([data[-1] ^ 1]), data + b"\0"):
            try:
                verify(wrong, proof, message("Entry"))
            except Exception:
                continue
            raise AssertionError("an altered entry was verified")
    row = made["row"]
    statement = message("RowStatement").FromString(bytes.fromhex(row["statement"]))
    assert (statement.name, statement.articles) == (row["meaning"]["name"], row["meaning"]["articles"])
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(row["publicKey"]))
    key.verify(bytes.fromhex(row["signature"]), b"moot/row/v1" + bytes.fromhex(row["statement"]))
    head = message("Head").FromString(bytes.fromhex(made["head"]["bytes"]))
    said = head.epoch.to_bytes(8, "big") + head.seq.to_bytes(8, "big") + head.last_seal + head.as_of_ms.to_bytes(8, "big")
    key.verify(head.signature, b"moot/head/v1" + H(head.public_key) + said)
    return len(made["entries"])


def check_rotations(path, message):
    """A log whose key was replaced twice is verified from its first entry to its last; what only looks like it is not."""
    with open(path, encoding="utf-8") as file:
        made = json.load(file)
    parts = lambda each: (bytes.fromhex(each["bytes"]), message("Proof").FromString(bytes.fromhex(each["proof"])))
    for each in made["entries"]:
        assert verify(*parts(each), message("Entry")) == each["id"]
    for each in made["wrong"]:
        try:
            verify(*parts(each), message("Entry"))
        except Exception:
            continue
        raise AssertionError("verified: " + each["why"])
    return len(made["entries"])


class Member:
    def __init__(self, address, message):
        self.channel, self.message, self.token = grpc.insecure_channel(address), message, None

    def call(self, method, request, response, kind="unary_unary", **values):
        make = getattr(self.channel, kind)
        stub = make(
            "/moot.v1.CommunityService/" + method,
            request_serializer=lambda one: one.SerializeToString(),
            response_deserializer=self.message(response).FromString,
        )
        metadata = [("authorization", "Bearer " + self.token)] if self.token else []
        one = self.message(request)(**values)
        return stub(iter([one]) if kind == "stream_stream" else one, metadata=metadata, timeout=10)


def main(image, fixtures, rotations, *addresses):
    _, message = open_image(image)
    checked, rotated = check_fixtures(fixtures, message), check_rotations(rotations, message)
    members = [Member(address, message) for address in addresses]
    published = []
    for n, member in enumerate(members):
        member.token = member.call("Join", "JoinRequest", "JoinResponse", name="guido").token
        draft = message("Draft")(topic="news", title=f"No. {n}", body="Größe — 🌒")
        published.append(member.call("Publish", "PublishRequest", "PublishResponse", draft=draft, key="k").id)
    # Thirteen in one message come under one seal, so that their paths have several steps and some nodes rise as they are.
    drafts = [message("Draft")(topic="news", body=f"{n} of many") for n in range(13)]
    items = [message("PublishRequest")(draft=draft, key=f"many-{n}") for n, draft in enumerate(drafts)]
    answers = members[0].call("PublishStream", "PublishStreamRequest", "PublishStreamResponse", "stream_stream", items=items)
    published += [result.published.id for answer in answers for result in answer.results]
    verified, sizes, complete = [], set(), False
    query = message("Filter")(topics=["news"])
    for frame in members[0].call("Query", "QueryRequest", "QueryResponse", "unary_stream", filter=query):
        verified += [verify(one.entry, one.proof, message("Entry")) for one in frame.articles.articles]
        sizes |= {(one.proof.seal.size, len(one.proof.path)) for one in frame.articles.articles}
        complete = complete or frame.report.complete
    found = {"fixtures": checked, "rotated": rotated, "published": published, "verified": verified}
    found |= {"sizes": sorted(sizes), "complete": complete}
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
