// Vanguard in front of a server of ours: it takes REST, of which it knows what our contracts say, and asks by gRPC. What
// it answers is what another reader of google.api.http makes of the same request (tests/rest/differential_test.cc).
//
//	vanguard ADDRESS        of the web listener, without TLS; says where it listens itself
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"

	"connectrpc.com/vanguard"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

func contracts(address string) (*protoregistry.Files, error) {
	answer, err := http.Get("http://" + address + "/descriptors.binpb")
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	bytes, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	var set descriptorpb.FileDescriptorSet
	if err := proto.Unmarshal(bytes, &set); err != nil {
		return nil, err
	}
	return protodesc.NewFiles(&set)
}

// The names of the contracts, without defaults, and nothing that the contract does not know.
func strictJSON(types vanguard.TypeResolver) vanguard.Codec {
	return &vanguard.JSONCodec{
		MarshalOptions:   protojson.MarshalOptions{Resolver: types, UseProtoNames: true},
		UnmarshalOptions: protojson.UnmarshalOptions{Resolver: types},
	}
}

func transcoder(address string) (http.Handler, error) {
	files, err := contracts(address)
	if err != nil {
		return nil, err
	}
	ours := &httputil.ReverseProxy{
		Rewrite: func(request *httputil.ProxyRequest) {
			request.SetURL(&url.URL{Scheme: "http", Host: address})
		},
		Transport:     &http.Transport{Protocols: new(http.Protocols)},
		FlushInterval: -1,
	}
	ours.Transport.(*http.Transport).Protocols.SetUnencryptedHTTP2(true)
	types := dynamicpb.NewTypes(files)
	var services []*vanguard.Service
	files.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			if service := file.Services().Get(i); strings.HasPrefix(string(service.FullName()), "tsunagu.") {
				services = append(services, vanguard.NewServiceWithSchema(service, ours,
					vanguard.WithTargetProtocols(vanguard.ProtocolGRPC), vanguard.WithTargetCodecs(vanguard.CodecProto),
					vanguard.WithNoTargetCompression(), vanguard.WithTypeResolver(types)))
			}
		}
		return true
	})
	return vanguard.NewTranscoder(services, vanguard.WithCodec(strictJSON))
}

func run(arguments []string) error {
	if len(arguments) != 1 {
		return errors.New("usage: vanguard ADDRESS")
	}
	handler, err := transcoder(arguments[0])
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("listening on", listener.Addr())
	return http.Serve(listener, handler)
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}
