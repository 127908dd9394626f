// grpc-go, with messages built from what the server says of itself (main.mjs says what each case is).
//
//	caller ADDRESS FOLDER
package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

const (
	getArea  = "tsunagu.registry.v1.AreaService/GetArea"
	tottori  = `name: "areas/310000"`
	absent   = `name: "areas/312045"`
	transfer = "tsunagu.platform.v1.TransferService/"
	watch    = "tsunagu.platform.v1.ChangeService/Watch"
)

var (
	address, folder string
	files           *protoregistry.Files
	connection      *grpc.ClientConn
)

// What goes wrong in a case ends it.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

func equal(got, wanted any) {
	if got != wanted {
		panic(fmt.Errorf("%v, wanted %v", got, wanted))
	}
}

func read(name string) []byte {
	content, err := os.ReadFile(filepath.Join(folder, name))
	must(err)
	return content
}

func trusting(authorities string) *tls.Config {
	pool := x509.NewCertPool()
	equal(pool.AppendCertsFromPEM(read(authorities)), true)
	return &tls.Config{RootCAs: pool}
}

func connect(config *tls.Config) *grpc.ClientConn {
	made, err := grpc.NewClient(address, grpc.WithTransportCredentials(credentials.NewTLS(config)))
	must(err)
	return made
}

// With a key or token of that file and for at most so long.
func caller(secret, language string, patience time.Duration) (context.Context, context.CancelFunc) {
	fields := metadata.Pairs("authorization", "Bearer "+strings.TrimSpace(string(read(secret))), "accept-language", language)
	return context.WithTimeout(metadata.NewOutgoingContext(context.Background(), fields), patience)
}

func find(method string) protoreflect.MethodDescriptor {
	found, err := files.FindDescriptorByName(protoreflect.FullName(strings.ReplaceAll(method, "/", ".")))
	must(err)
	return found.(protoreflect.MethodDescriptor)
}

func request(method, text string) *dynamicpb.Message {
	message := dynamicpb.NewMessage(find(method).Input())
	must(prototext.Unmarshal([]byte(text), message))
	return message
}

func get(message *dynamicpb.Message, name string) protoreflect.Value {
	return message.Get(message.Descriptor().Fields().ByName(protoreflect.Name(name)))
}

func has(message *dynamicpb.Message, name string) bool {
	return message.Has(message.Descriptor().Fields().ByName(protoreflect.Name(name)))
}

func callAs(ctx context.Context, with *grpc.ClientConn, method, text string, options ...grpc.CallOption) (*dynamicpb.Message, error) {
	answer := dynamicpb.NewMessage(find(method).Output())
	return answer, with.Invoke(ctx, "/"+method, request(method, text), answer, options...)
}

func call(method, text string, options ...grpc.CallOption) (*dynamicpb.Message, error) {
	ctx, stop := caller("admin.key", "en", 30*time.Second)
	defer stop()
	return callAs(ctx, connection, method, text, options...)
}

func open(ctx context.Context, method, text string) grpc.ClientStream {
	found := find(method)
	stream, err := connection.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: found.IsStreamingClient()}, "/"+method)
	must(err)
	must(stream.SendMsg(request(method, text)))
	if !found.IsStreamingClient() {
		must(stream.CloseSend())
	}
	return stream
}

// The next message, nil at the end.
func next(stream grpc.ClientStream, method string) (*dynamicpb.Message, error) {
	message := dynamicpb.NewMessage(find(method).Output())
	err := stream.RecvMsg(message)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	return message, err
}

func detail[M proto.Message](err error) M {
	for _, one := range status.Convert(err).Details() {
		if wanted, ok := one.(M); ok {
			return wanted
		}
	}
	panic(fmt.Errorf("no such detail in %v", err))
}

func unary() {
	area, err := call(getArea, tottori)
	must(err)
	equal(get(area, "display_name").String()+get(area, "etag").String(), "鳥取県1")
}

func serverStream() {
	ctx, stop := caller("admin.key", "en", 30*time.Second)
	defer stop()
	method := transfer + "ExportRows"
	stream := open(ctx, method, `parent: "services/registry" collection: "areas"`)
	var file []byte
	for {
		piece, err := next(stream, method)
		must(err)
		if piece == nil {
			break
		}
		file = append(file, get(piece, "data").Bytes()...)
	}
	equal(bytes.Count(file, []byte("\r\n")), 3)
	equal(bytes.Contains(file, []byte("312011")), true)
}

func bothStreams() {
	ctx, stop := caller("admin.key", "en", 60*time.Second)
	defer stop()
	method := transfer + "ImportRows"
	rows := read("refused.csv")
	stream := open(ctx, method, `parent: "services/registry" collection: "areas" dry_run: true`)
	go func() {
		for at := 0; at < len(rows); at += 1000 {
			piece := dynamicpb.NewMessage(find(method).Input())
			piece.Set(piece.Descriptor().Fields().ByName("data"), protoreflect.ValueOfBytes(rows[at:min(at+1000, len(rows))]))
			if stream.SendMsg(piece) != nil {
				return // the answers say why
			}
		}
		_ = stream.CloseSend()
	}()
	told, wanted := 0, bytes.Count(rows, []byte("\r\n"))-1
	var refused int64
	for {
		answer, err := next(stream, method)
		must(err)
		if answer == nil {
			break
		}
		if has(answer, "row") {
			told++
		}
		if has(answer, "summary") {
			summary := get(answer, "summary").Message()
			refused = summary.Get(summary.Descriptor().Fields().ByName("refused_count")).Int()
		}
	}
	equal(told, wanted)
	equal(refused, int64(wanted))
}

func refusal() {
	_, err := call(getArea, absent)
	info := detail[*errdetails.ErrorInfo](err)
	equal(fmt.Sprint(status.Code(err), info.Reason, info.Domain, detail[*errdetails.ResourceInfo](err).ResourceName),
		fmt.Sprint(codes.NotFound, "AREA_NOT_FOUND", "tsunagu", "areas/312045"))
	equal(status.Convert(err).Message(), "Not found: areas/312045")
	ctx, stop := caller("admin.key", "ja", 30*time.Second)
	defer stop()
	_, err = callAs(ctx, connection, getArea, absent)
	equal(strings.Contains(status.Convert(err).Message(), "見つかりません"), true)
}

func allFaults() {
	_, err := call("tsunagu.registry.v1.AreaService/CreateArea",
		`area {code: "310001" display_name: "`+strings.Repeat("長", 61)+`"}`)
	equal(status.Code(err), codes.InvalidArgument)
	found := map[string]bool{}
	for _, one := range detail[*errdetails.BadRequest](err).FieldViolations {
		found[one.Field] = true
	}
	equal(found["area.code"] && found["area.display_name"], true)
}

func watched(ctx context.Context) grpc.ClientStream {
	stream := open(ctx, watch, `parent: "services/registry"`)
	first, err := next(stream, watch)
	must(err)
	equal(has(first, "bookmark"), true)
	return stream
}

func deadline() {
	begin := time.Now()
	ctx, stop := caller("admin.key", "en", time.Second)
	defer stop()
	_, err := next(watched(ctx), watch)
	equal(status.Code(err), codes.DeadlineExceeded)
	equal(time.Since(begin) < 10*time.Second, true)
}

func cancel() {
	ctx, stop := caller("admin.key", "en", 30*time.Second)
	stream := watched(ctx)
	stop()
	_, err := next(stream, watch)
	equal(status.Code(err), codes.Canceled)
	unary()
}

func manyAtOnce() {
	ctx, stop := caller("admin.key", "en", 60*time.Second)
	defer stop()
	var all sync.WaitGroup
	failed := make(chan error, 600)
	for range cap(failed) {
		all.Go(func() {
			if _, err := callAs(ctx, connection, getArea, tottori); err != nil {
				failed <- err
			}
		})
	}
	all.Wait()
	if len(failed) > 0 {
		panic(<-failed)
	}
}

func tooLarge() {
	_, err := call(getArea, `name: "`+strings.Repeat("x", 5<<20)+`"`)
	equal(status.Code(err), codes.ResourceExhausted)
	unary()
}

func compressed() {
	_, err := call(getArea, tottori, grpc.UseCompressor(gzip.Name))
	equal(status.Code(err), codes.Unimplemented)
}

func nobody() {
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Second)
	defer stop()
	_, err := callAs(ctx, connection, getArea, tottori)
	equal(fmt.Sprintf("%v %v", status.Code(err), detail[*errdetails.ErrorInfo](err).Reason), "Unauthenticated UNAUTHENTICATED")
}

func token() {
	ctx, stop := caller("token", "en", 30*time.Second)
	defer stop()
	_, err := callAs(ctx, connection, getArea, tottori)
	must(err)
}

func certificate() {
	config := trusting("server.pem")
	pair, err := tls.LoadX509KeyPair(filepath.Join(folder, "client.pem"), filepath.Join(folder, "client.key"))
	must(err)
	config.Certificates = []tls.Certificate{pair}
	known := connect(config)
	defer known.Close()
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Second)
	defer stop()
	_, err = callAs(ctx, known, getArea, tottori)
	must(err)
}

func unavailable(config *tls.Config) {
	elsewhere := connect(config)
	defer elsewhere.Close()
	ctx, stop := caller("admin.key", "en", 30*time.Second)
	defer stop()
	_, err := callAs(ctx, elsewhere, getArea, tottori)
	equal(status.Code(err), codes.Unavailable)
}

func foreignServer() { unavailable(trusting("clients-ca.pem")) }

func oldTls() {
	config := trusting("server.pem")
	config.MaxVersion = tls.VersionTLS12
	unavailable(config)
}

func health() {
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Second)
	defer stop()
	client := grpc_health_v1.NewHealthClient(connection)
	answer, err := client.Check(ctx, &grpc_health_v1.HealthCheckRequest{Service: "registry"})
	must(err)
	equal(answer.Status, grpc_health_v1.HealthCheckResponse_SERVING)
	seen, err := client.Watch(ctx, &grpc_health_v1.HealthCheckRequest{})
	must(err)
	first, err := seen.Recv()
	must(err)
	equal(first.Status, grpc_health_v1.HealthCheckResponse_SERVING)
	_, err = client.Check(ctx, &grpc_health_v1.HealthCheckRequest{Service: "no.such.Service"})
	equal(status.Code(err), codes.NotFound)
}

func reflection() {
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Second)
	defer stop()
	stream, err := grpc_reflection_v1.NewServerReflectionClient(connection).ServerReflectionInfo(ctx)
	must(err)
	must(stream.Send(&grpc_reflection_v1.ServerReflectionRequest{
		MessageRequest: &grpc_reflection_v1.ServerReflectionRequest_ListServices{}}))
	answer, err := stream.Recv()
	must(err)
	equal(strings.Contains(answer.String(), "tsunagu.registry.v1.AreaService"), true)
}

func run(name string, one func()) {
	defer func() {
		if difference := recover(); difference != nil {
			fmt.Println("no", name, strings.ReplaceAll(fmt.Sprint(difference), "\n", " "))
			return
		}
		fmt.Println("ok", name)
	}()
	one()
}

func main() {
	address, folder = os.Args[1], os.Args[2]
	var set descriptorpb.FileDescriptorSet
	must(proto.Unmarshal(read("descriptors.binpb"), &set))
	var err error
	files, err = protodesc.NewFiles(&set)
	must(err)
	connection = connect(trusting("server.pem"))
	for _, one := range []struct {
		name string
		run  func()
	}{
		{"unary", unary}, {"server_stream", serverStream}, {"both_streams", bothStreams}, {"refusal", refusal},
		{"all_faults", allFaults}, {"deadline", deadline}, {"cancel", cancel}, {"many_at_once", manyAtOnce},
		{"too_large", tooLarge}, {"compressed", compressed}, {"nobody", nobody}, {"token", token},
		{"certificate", certificate}, {"foreign_server", foreignServer}, {"old_tls", oldTls}, {"health", health},
		{"reflection", reflection},
	} {
		run(one.name, one.run)
	}
}
