import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.ResourceInfo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * grpc-java, with messages built from what the server says of itself (main.mjs says what each case is).
 *
 * <p>java -cp 'lib/*' Caller.java ADDRESS FOLDER
 */
public class Caller {
  static final String GET_AREA = "tsunagu.registry.v1.AreaService/GetArea";
  static final String TOTTORI = "name: 'areas/310000'";
  static final String TRANSFER = "tsunagu.platform.v1.TransferService/";
  static final String WATCH = "tsunagu.platform.v1.ChangeService/Watch";
  static final Map<String, FileDescriptor> files = new HashMap<>();
  static String host;
  static int port;
  static Path folder;
  static ManagedChannel connection;
  static Channel channel;  // the connection, with our key

  interface Case {
    void run() throws Exception;
  }

  static FileDescriptor build(Map<String, FileDescriptorProto> set, String name) throws Exception {
    if (!files.containsKey(name)) {
      List<FileDescriptor> needed = new ArrayList<>();
      for (String one : set.get(name).getDependencyList()) needed.add(build(set, one));
      files.put(name, FileDescriptor.buildFrom(set.get(name), needed.toArray(new FileDescriptor[0])));
    }
    return files.get(name);
  }

  static String text(String name) throws Exception {
    return Files.readString(folder.resolve(name)).strip();
  }

  static File file(String name) {
    return folder.resolve(name).toFile();
  }

  static SslContextBuilder trusting(String authorities) {
    return GrpcSslContexts.forClient().trustManager(file(authorities));
  }

  static ManagedChannel connect(SslContextBuilder tls) throws Exception {
    return NettyChannelBuilder.forAddress(host, port).sslContext(tls.build()).build();
  }

  static Channel with(Channel channel, String secret, String language) {
    Metadata fields = new Metadata();
    fields.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + secret);
    fields.put(Metadata.Key.of("accept-language", Metadata.ASCII_STRING_MARSHALLER), language);
    return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(fields));
  }

  static MethodDescriptor find(String name) {
    String[] parts = name.split("/");
    return files.values().stream().flatMap(one -> one.getServices().stream())
        .filter(one -> one.getFullName().equals(parts[0])).findFirst().orElseThrow().findMethodByName(parts[1]);
  }

  static io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> method(String name) {
    MethodDescriptor found = find(name);
    MethodType type = found.isClientStreaming() ? MethodType.BIDI_STREAMING
        : found.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
    return io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder().setType(type).setFullMethodName(name)
        .setRequestMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(found.getInputType())))
        .setResponseMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(found.getOutputType()))).build();
  }

  static DynamicMessage request(String name, String text) throws Exception {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(find(name).getInputType());
    TextFormat.merge(text, message);
    return message.build();
  }

  static Object get(DynamicMessage message, String path) {
    Object value = message;
    for (String name : path.split("\\.")) {
      DynamicMessage holder = (DynamicMessage) value;
      value = holder.getField(holder.getDescriptorForType().findFieldByName(name));
    }
    return value;
  }

  static boolean has(DynamicMessage message, String name) {
    return message.hasField(message.getDescriptorForType().findFieldByName(name));
  }

  static CallOptions within(int seconds) {
    return CallOptions.DEFAULT.withDeadlineAfter(seconds, TimeUnit.SECONDS);
  }

  static DynamicMessage call(Channel channel, String name, String text) throws Exception {
    return ClientCalls.blockingUnaryCall(channel, method(name), within(30), request(name, text));
  }

  static void equal(Object got, Object wanted) {
    if (!Objects.equals(got, wanted)) throw new AssertionError(got + ", wanted " + wanted);
  }

  static StatusRuntimeException refused(Case how) throws Exception {
    try {
      how.run();
    } catch (StatusRuntimeException error) {
      return error;
    }
    throw new AssertionError("not refused");
  }

  static Status.Code code(Case how) throws Exception {
    return refused(how).getStatus().getCode();
  }

  static <M extends com.google.protobuf.Message> M detail(StatusRuntimeException error, Class<M> type) throws Exception {
    for (com.google.protobuf.Any one : StatusProto.fromThrowable(error).getDetailsList()) {
      if (one.is(type)) return one.unpack(type);
    }
    throw new AssertionError("no " + type.getSimpleName());
  }

  static void unary() throws Exception {
    DynamicMessage area = call(channel, GET_AREA, TOTTORI);
    equal(get(area, "display_name") + " " + get(area, "etag"), "鳥取県 1");
  }

  static void serverStream() throws Exception {
    String name = TRANSFER + "ExportRows";
    ByteString file = ByteString.EMPTY;
    Iterator<DynamicMessage> pieces = ClientCalls.blockingServerStreamingCall(channel, method(name), within(30),
        request(name, "parent: 'services/registry' collection: 'areas'"));
    while (pieces.hasNext()) file = file.concat((ByteString) get(pieces.next(), "data"));
    equal(file.toStringUtf8().split("\r\n").length, 3);
    equal(file.toStringUtf8().contains("312011"), true);
  }

  static void bothStreams() throws Exception {
    String name = TRANSFER + "ImportRows";
    byte[] rows = Files.readAllBytes(folder.resolve("refused.csv"));
    long wanted = new String(rows, "UTF-8").lines().count() - 1;
    List<DynamicMessage> answers = new ArrayList<>();
    CompletableFuture<Long> told = new CompletableFuture<>();
    StreamObserver<DynamicMessage> sending = ClientCalls.asyncBidiStreamingCall(
        channel.newCall(method(name), within(60)), new StreamObserver<>() {
          @Override public void onNext(DynamicMessage answer) {
            answers.add(answer);
          }
          @Override public void onError(Throwable error) {
            told.completeExceptionally(error);
          }
          @Override public void onCompleted() {
            told.complete(answers.stream().filter(one -> has(one, "row")).count());
          }
        });
    sending.onNext(request(name, "parent: 'services/registry' collection: 'areas' dry_run: true"));
    for (int at = 0; at < rows.length; at += 1000) {
      DynamicMessage.Builder piece = DynamicMessage.newBuilder(find(name).getInputType());
      piece.setField(piece.getDescriptorForType().findFieldByName("data"),
          ByteString.copyFrom(rows, at, Math.min(1000, rows.length - at)));
      sending.onNext(piece.build());
    }
    sending.onCompleted();
    equal(told.get(60, TimeUnit.SECONDS), wanted);
    equal(get(answers.get(answers.size() - 1), "summary.refused_count"), wanted);
  }

  static void refusal() throws Exception {
    String absent = "name: 'areas/312045'";
    StatusRuntimeException error = refused(() -> call(channel, GET_AREA, absent));
    ErrorInfo info = detail(error, ErrorInfo.class);
    equal(List.of(error.getStatus().getCode(), info.getReason(), info.getDomain(),
              detail(error, ResourceInfo.class).getResourceName(), error.getStatus().getDescription()),
        List.of(Status.Code.NOT_FOUND, "AREA_NOT_FOUND", "tsunagu", "areas/312045", "Not found: areas/312045"));
    Channel japanese = with(connection, text("admin.key"), "ja");
    equal(refused(() -> call(japanese, GET_AREA, absent)).getStatus().getDescription().contains("見つかりません"), true);
  }

  static void allFaults() throws Exception {
    StatusRuntimeException error = refused(() -> call(channel, "tsunagu.registry.v1.AreaService/CreateArea",
        "area {code: '310001' display_name: '" + "長".repeat(61) + "'}"));
    equal(error.getStatus().getCode(), Status.Code.INVALID_ARGUMENT);
    List<String> fields = detail(error, BadRequest.class).getFieldViolationsList().stream()
        .map(one -> one.getField()).collect(Collectors.toList());
    equal(fields.containsAll(List.of("area.code", "area.display_name")), true);
  }

  static Iterator<DynamicMessage> watch(Channel channel, int seconds) throws Exception {
    Iterator<DynamicMessage> stream = ClientCalls.blockingServerStreamingCall(channel, method(WATCH), within(seconds),
        request(WATCH, "parent: 'services/registry'"));
    equal(has(stream.next(), "bookmark"), true);
    return stream;
  }

  static void deadline() throws Exception {
    long begin = System.nanoTime();
    equal(code(() -> watch(channel, 1).next()), Status.Code.DEADLINE_EXCEEDED);
    equal(System.nanoTime() - begin < 10_000_000_000L, true);
  }

  static void cancel() throws Exception {
    io.grpc.Context.CancellableContext context = io.grpc.Context.current().withCancellation();
    context.call(() -> {
      Iterator<DynamicMessage> stream = watch(channel, 30);
      context.cancel(null);
      equal(code(stream::next), Status.Code.CANCELLED);
      return null;
    });
    unary();
  }

  static void manyAtOnce() throws Exception {
    List<Future<DynamicMessage>> calls = new ArrayList<>();
    DynamicMessage tottori = request(GET_AREA, TOTTORI);
    for (int i = 0; i < 600; ++i) {
      calls.add(ClientCalls.futureUnaryCall(channel.newCall(method(GET_AREA), within(60)), tottori));
    }
    for (Future<DynamicMessage> one : calls) equal(get(one.get(), "etag"), "1");
  }

  static void tooLarge() throws Exception {
    equal(code(() -> call(channel, GET_AREA, "name: '" + "x".repeat(5 << 20) + "'")), Status.Code.RESOURCE_EXHAUSTED);
    unary();
  }

  static void compressed() throws Exception {
    equal(code(() -> ClientCalls.blockingUnaryCall(channel, method(GET_AREA), within(30).withCompression("gzip"),
              request(GET_AREA, TOTTORI))), Status.Code.UNIMPLEMENTED);
  }

  static void nobody() throws Exception {
    StatusRuntimeException error = refused(() -> call(connection, GET_AREA, TOTTORI));
    equal(error.getStatus().getCode() + " " + detail(error, ErrorInfo.class).getReason(), "UNAUTHENTICATED UNAUTHENTICATED");
  }

  static void token() throws Exception {
    equal(get(call(with(connection, text("token"), "en"), GET_AREA, TOTTORI), "etag"), "1");
  }

  static void certificate() throws Exception {
    ManagedChannel known = connect(trusting("server.pem").keyManager(file("client.pem"), file("client.key")));
    equal(get(call(known, GET_AREA, TOTTORI), "etag"), "1");
    known.shutdownNow();
  }

  static void unavailable(SslContextBuilder tls) throws Exception {
    ManagedChannel elsewhere = connect(tls);
    equal(code(() -> call(with(elsewhere, text("admin.key"), "en"), GET_AREA, TOTTORI)), Status.Code.UNAVAILABLE);
    elsewhere.shutdownNow();
  }

  static void foreignServer() throws Exception {
    unavailable(trusting("clients-ca.pem"));
  }

  static void oldTls() throws Exception {
    unavailable(trusting("server.pem").protocols("TLSv1.2"));
  }

  static void health() throws Exception {
    HealthGrpc.HealthBlockingStub stub = HealthGrpc.newBlockingStub(connection).withDeadlineAfter(30, TimeUnit.SECONDS);
    HealthCheckRequest registry = HealthCheckRequest.newBuilder().setService("registry").build();
    equal(stub.check(registry).getStatus(), ServingStatus.SERVING);
    equal(stub.watch(registry).next().getStatus(), ServingStatus.SERVING);
    HealthCheckRequest unknown = HealthCheckRequest.newBuilder().setService("no.such.Service").build();
    equal(code(() -> stub.check(unknown)), Status.Code.NOT_FOUND);
  }

  static void reflection() throws Exception {
    CompletableFuture<Boolean> listed = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> ask = ServerReflectionGrpc.newStub(connection)
        .withDeadlineAfter(30, TimeUnit.SECONDS).serverReflectionInfo(new StreamObserver<>() {
          @Override public void onNext(ServerReflectionResponse answer) {
            listed.complete(answer.getListServicesResponse().getServiceList().stream()
                .anyMatch(one -> one.getName().equals("tsunagu.registry.v1.AreaService")));
          }
          @Override public void onError(Throwable error) {
            listed.completeExceptionally(error);
          }
          @Override public void onCompleted() {}
        });
    ask.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    equal(listed.get(30, TimeUnit.SECONDS), true);
    ask.onCompleted();
  }

  static void run(String name, Case one) {
    try {
      one.run();
      System.out.println("ok " + name);
    } catch (Throwable difference) {
      System.out.println("no " + name + " " + difference.toString().replace('\n', ' '));
    }
  }

  public static void main(String[] arguments) throws Exception {
    host = arguments[0].split(":")[0];
    port = Integer.parseInt(arguments[0].split(":")[1]);
    folder = Path.of(arguments[1]);
    Map<String, FileDescriptorProto> set = new HashMap<>();
    for (FileDescriptorProto one :
        FileDescriptorSet.parseFrom(Files.readAllBytes(folder.resolve("descriptors.binpb"))).getFileList()) {
      set.put(one.getName(), one);
    }
    for (String name : set.keySet()) build(set, name);
    connection = connect(trusting("server.pem"));
    channel = with(connection, text("admin.key"), "en");
    run("unary", Caller::unary);
    run("server_stream", Caller::serverStream);
    run("both_streams", Caller::bothStreams);
    run("refusal", Caller::refusal);
    run("all_faults", Caller::allFaults);
    run("deadline", Caller::deadline);
    run("cancel", Caller::cancel);
    run("many_at_once", Caller::manyAtOnce);
    run("too_large", Caller::tooLarge);
    run("compressed", Caller::compressed);
    run("nobody", Caller::nobody);
    run("token", Caller::token);
    run("certificate", Caller::certificate);
    run("foreign_server", Caller::foreignServer);
    run("old_tls", Caller::oldTls);
    run("health", Caller::health);
    run("reflection", Caller::reflection);
    connection.shutdownNow();
  }
}
