#include "tests/bench/etcd.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/entropy.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "grpc/support/time.h"
#include "grpcpp/create_channel.h"
#include "tests/bench/measure.h"

namespace tsunagu::bench {
namespace {

constexpr char kProgram[] = "/usr/bin/etcd";

// Returns a free port. etcd cannot choose one itself.
int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  const bool bound = bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(fd);
  Require(bound, "no free port");
  return ntohs(address.sin_port);
}

void AddBytes(int field, const std::string& bytes, google::protobuf::io::CodedOutputStream& out) {
  out.WriteTag(static_cast<uint32_t>(field) << 3 | 2);
  out.WriteVarint32(static_cast<uint32_t>(bytes.size()));
  out.WriteString(bytes);
}

std::string BytesOf(absl::FunctionRef<void(google::protobuf::io::CodedOutputStream&)> write) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream out(&stream);
  write(out);
  out.Trim();
  return bytes;
}

// etcdserverpb.PutRequest: 1 is the key, 2 the value.
std::string PutRequest(const std::string& key, const std::string& value) {
  return BytesOf([&](google::protobuf::io::CodedOutputStream& out) {
    AddBytes(1, key, out);
    AddBytes(2, value, out);
  });
}

}  // namespace

bool Etcd::Installed() { return access(kProgram, X_OK) == 0; }

Etcd::Etcd() {
  address_ = absl::StrCat("127.0.0.1:", FreePort());
  const std::string clients = absl::StrCat("http://", address_), peers = absl::StrCat("http://127.0.0.1:", FreePort());
  process_ = std::make_unique<process::Process>(std::vector<std::string>{
      kProgram, "--data-dir", folder_ / "etcd", "--listen-client-urls", clients, "--advertise-client-urls", clients,
      "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster",
      absl::StrCat("default=", peers), "--log-level", "error", "--quota-backend-bytes", "4294967296"});
  const auto channel = grpc::CreateChannel(address_, grpc::InsecureChannelCredentials());
  const gpr_timespec patience = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_seconds(20, GPR_TIMESPAN));
  Require(channel->WaitForConnected(patience), "etcd does not start");
}

Load EtcdPuts(const std::string& value, int in_flight) {
  const std::string run = NewId(Clock::System().Now(), Entropy::System());
  const auto request = [run, value](int64_t n) { return PutRequest(absl::StrCat(run, "-", n), value); };
  return {"/etcdserverpb.KV/Put", request, in_flight, "", ""};
}

// etcdserverpb.TxnRequest: 2 is what happens where no comparison fails, of which 2 is a PutRequest.
Load EtcdTransactions(const std::string& value, int keys, int in_flight) {
  const std::string run = NewId(Clock::System().Now(), Entropy::System());
  const auto request = [run, value, keys](int64_t n) {
    const std::string name = absl::StrCat(run, "-", n);
    std::vector<std::string> puts = {PutRequest(name, value)};
    for (int i = 1; i < keys; ++i) puts.push_back(PutRequest(absl::StrCat(i, "/", name), name));
    return BytesOf([&](google::protobuf::io::CodedOutputStream& out) {
      for (const std::string& put : puts) {
        AddBytes(2, BytesOf([&](google::protobuf::io::CodedOutputStream& one) { AddBytes(2, put, one); }), out);
      }
    });
  };
  return {"/etcdserverpb.KV/Txn", request, in_flight, "", ""};
}

}  // namespace tsunagu::bench
