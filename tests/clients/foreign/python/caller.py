"""grpcio, with code that it generates from what the server says of itself (cases.mjs says what each case is).

caller.py ADDRESS FOLDER
"""

import pathlib
import sys
import time

import grpc
import grpc_tools.protoc
from google.protobuf import descriptor_pb2
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_status import rpc_status

address, folder = sys.argv[1], pathlib.Path(sys.argv[2])
code = folder / "python"
code.mkdir()
descriptors = folder / "descriptors.binpb"
ours = [file.name for file in descriptor_pb2.FileDescriptorSet.FromString(descriptors.read_bytes()).file
        if file.name.startswith("tsunagu/")]
assert grpc_tools.protoc.main(["protoc", f"--descriptor_set_in={descriptors}", f"--python_out={code}",
                               f"--grpc_python_out={code}", *ours]) == 0
sys.path.insert(0, str(code))
from tsunagu.platform.v1 import change_pb2, change_pb2_grpc, transfer_pb2, transfer_pb2_grpc  # noqa: E402
from tsunagu.registry.v1 import area_pb2, area_pb2_grpc  # noqa: E402

REGISTRY = "services/registry"
TOTTORI = area_pb2.GetAreaRequest(name="areas/310000")
KEY = ("authorization", f"Bearer {(folder / 'admin.key').read_text().strip()}")
TOKEN = ("authorization", f"Bearer {(folder / 'token').read_text().strip()}")


def connect(**certificate):
    root = (folder / "server.pem").read_bytes()
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(root, **certificate))


channel = connect()
areas = area_pb2_grpc.AreaServiceStub(channel)
transfer = transfer_pb2_grpc.TransferServiceStub(channel)
changes = change_pb2_grpc.ChangeServiceStub(channel)


def call(method, request, *more, key=KEY, language="en", **options):
    return method(request, metadata=(key, ("accept-language", language), *more), timeout=options.pop("timeout", 30),
                  **options)


def equal(got, wanted):
    if got != wanted:
        raise AssertionError(f"{got!r}, wanted {wanted!r}")


def refused(how):
    """The error and its details by their types."""
    try:
        how()
    except grpc.RpcError as error:
        details = {}
        for any_ in getattr(rpc_status.from_call(error), "details", ()):
            kind = getattr(error_details_pb2, any_.TypeName().split(".")[-1])
            details[kind] = kind.FromString(any_.value)
        return error, details
    raise AssertionError("not refused")


def unary():
    area = call(areas.GetArea, TOTTORI)
    equal((area.display_name, area.etag), ("鳥取県", "1"))


def server_stream():
    request = transfer_pb2.ExportRowsRequest(parent=REGISTRY, collection="areas")
    file = b"".join(piece.data for piece in call(transfer.ExportRows, request))
    equal((file.count(b"\r\n"), b"312011" in file), (3, True))


def both_streams():
    rows = (folder / "refused.csv").read_bytes()

    def pieces():
        yield transfer_pb2.ImportRowsRequest(parent=REGISTRY, collection="areas", dry_run=True)
        for at in range(0, len(rows), 1000):
            yield transfer_pb2.ImportRowsRequest(data=rows[at:at + 1000])

    answers = list(call(transfer.ImportRows, pieces()))
    told = sum(1 for one in answers if one.row.refused)
    equal((told, answers[-1].summary.refused_count), (rows.count(b"\r\n") - 1,) * 2)


def refusal():
    absent = area_pb2.GetAreaRequest(name="areas/312045")
    error, details = refused(lambda: call(areas.GetArea, absent))
    info, resource = details[error_details_pb2.ErrorInfo], details[error_details_pb2.ResourceInfo]
    equal((error.code(), info.reason, info.domain, resource.resource_name),
          (grpc.StatusCode.NOT_FOUND, "AREA_NOT_FOUND", "tsunagu", "areas/312045"))
    equal(error.details(), "Not found: areas/312045")
    error, _ = refused(lambda: call(areas.GetArea, absent, language="ja"))
    equal("見つかりません" in error.details(), True)


def all_faults():
    faulty = area_pb2.CreateAreaRequest(area=area_pb2.Area(code="310001", display_name="長" * 61))
    error, details = refused(lambda: call(areas.CreateArea, faulty))
    fields = {one.field for one in details[error_details_pb2.BadRequest].field_violations}
    equal((error.code(), {"area.code", "area.display_name"} <= fields), (grpc.StatusCode.INVALID_ARGUMENT, True))


def watch(**options):
    stream = call(changes.Watch, change_pb2.WatchRequest(parent=REGISTRY), **options)
    equal(next(stream).WhichOneof("event"), "bookmark")
    return stream


def deadline():
    begin = time.monotonic()
    error, _ = refused(lambda: next(watch(timeout=1)))
    equal((error.code(), time.monotonic() - begin < 10), (grpc.StatusCode.DEADLINE_EXCEEDED, True))


def cancel():
    stream = watch()
    stream.cancel()
    error, _ = refused(lambda: next(stream))
    equal(error.code(), grpc.StatusCode.CANCELLED)
    unary()


def many_at_once():
    calls = [areas.GetArea.future(TOTTORI, metadata=(KEY,), timeout=60) for _ in range(600)]
    equal({one.result().etag for one in calls}, {"1"})


def too_large():
    error, _ = refused(lambda: call(areas.GetArea, area_pb2.GetAreaRequest(name="x" * (5 << 20))))
    equal(error.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
    unary()


def compressed():
    error, _ = refused(lambda: call(areas.GetArea, TOTTORI, compression=grpc.Compression.Gzip))
    equal(error.code(), grpc.StatusCode.UNIMPLEMENTED)


def nobody():
    error, details = refused(lambda: areas.GetArea(TOTTORI, timeout=30))
    equal((error.code(), details[error_details_pb2.ErrorInfo].reason),
          (grpc.StatusCode.UNAUTHENTICATED, "UNAUTHENTICATED"))


def token():
    equal(call(areas.GetArea, TOTTORI, key=TOKEN).etag, "1")


def certificate():
    with connect(private_key=(folder / "client.key").read_bytes(),
                 certificate_chain=(folder / "client.pem").read_bytes()) as known:
        equal(area_pb2_grpc.AreaServiceStub(known).GetArea(TOTTORI, timeout=30).etag, "1")


def foreign_server():
    """A server whose certificate nobody we trust has signed."""
    strange = grpc.ssl_channel_credentials((folder / "clients-ca.pem").read_bytes())
    with grpc.secure_channel(address, strange) as elsewhere:
        error, _ = refused(lambda: call(area_pb2_grpc.AreaServiceStub(elsewhere).GetArea, TOTTORI))
        equal(error.code(), grpc.StatusCode.UNAVAILABLE)


def health():
    stub = health_pb2_grpc.HealthStub(channel)
    equal(stub.Check(health_pb2.HealthCheckRequest(service="registry"), timeout=30).status, 1)
    seen = stub.Watch(health_pb2.HealthCheckRequest(), timeout=30)
    equal(next(seen).status, 1)
    seen.cancel()
    error, _ = refused(lambda: stub.Check(health_pb2.HealthCheckRequest(service="no.such.Service"), timeout=30))
    equal(error.code(), grpc.StatusCode.NOT_FOUND)


def reflection():
    stub = reflection_pb2_grpc.ServerReflectionStub(channel)
    ask = [reflection_pb2.ServerReflectionRequest(list_services=""),
           reflection_pb2.ServerReflectionRequest(file_containing_symbol="tsunagu.registry.v1.Area")]
    listed, described = stub.ServerReflectionInfo(iter(ask), timeout=30)
    names = [one.name for one in listed.list_services_response.service]
    equal(("tsunagu.registry.v1.AreaService" in names, len(described.file_descriptor_response.file_descriptor_proto) > 0),
          (True, True))


for case in (unary, server_stream, both_streams, refusal, all_faults, deadline, cancel, many_at_once, too_large,
             compressed, nobody, token, certificate, foreign_server, health, reflection):
    try:
        case()
        print("ok", case.__name__, flush=True)
    except Exception as difference:  # whatever it is, the next case is of interest too
        print("no", case.__name__, repr(difference).replace("\n", " "), flush=True)
