// A TLS connection uses the protocol that its handshake has chosen, whichever side sends the first bytes.
#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "absl/strings/numbers.h"
#include "common/testing/identity.h"
#include "common/web/ways_in.h"

namespace tsunagu::web {
namespace {

class GreetingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    signal(SIGPIPE, SIG_IGN);
    WriteIdentity();
    Server::Options options;
    options.listeners[0].tls = {{folder_ + "/cert.pem"}, {folder_ + "/key.pem"}, ""};
    ways_ = std::make_unique<WaysIn>(rpc::Router::Options(), Executor::Limits{4, 10}, std::move(options));
  }
  void TearDown() override {
    SSL_free(tls_);
    SSL_CTX_free(context_);
    if (socket_ >= 0) ::close(socket_);
    std::filesystem::remove_all(folder_);
  }

  // `protocols` are in ALPN's form, "\x02h2".
  void Connect(absl::string_view protocols) {
    context_ = SSL_CTX_new(TLS_client_method());
    tls_ = SSL_new(context_);
    SSL_set_alpn_protos(tls_, reinterpret_cast<const unsigned char*>(protocols.data()),
                        static_cast<unsigned int>(protocols.size()));
    const std::string& address = ways_->web->address();
    int port = 0;
    ASSERT_TRUE(absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port));
    sockaddr_in name = {};
    name.sin_family = AF_INET;
    name.sin_port = htons(static_cast<uint16_t>(port));
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    const timeval patience = {10, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ASSERT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&name), sizeof(name)), 0);
    SSL_set_fd(tls_, socket_);
    ASSERT_EQ(SSL_connect(tls_), 1);
  }
  void Send(absl::string_view bytes) {
    ASSERT_EQ(SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size())), static_cast<int>(bytes.size()));
  }
  // Returns `size` bytes, or fewer when the server has no more.
  std::string Receive(size_t size) {
    std::string bytes(size, '\0');
    size_t got = 0;
    for (int one = 1; got < size && one > 0; got += one > 0 ? static_cast<size_t>(one) : 0) {
      one = SSL_read(tls_, bytes.data() + got, static_cast<int>(size - got));
    }
    bytes.resize(got);
    return bytes;
  }
  // Returns the type and the flags of the next HTTP/2 frame.
  std::pair<int, int> Frame() {
    const std::string head = Receive(9);
    if (head.size() < 9) return {-1, 0};
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(head[i]); };
    Receive(static_cast<size_t>(byte(0) << 16 | byte(1) << 8 | byte(2)));
    return {byte(3), byte(4)};
  }

  std::unique_ptr<WaysIn> ways_;

 private:
  void WriteIdentity() {
    const Identity identity = MakeIdentity({"localhost"});
    std::ofstream(folder_ + "/cert.pem") << CertificatePem(identity);
    std::ofstream(folder_ + "/key.pem") << KeyPem(identity);
  }

  const std::string folder_ = [] {
    std::string name = ::testing::TempDir() + "/greeting-XXXXXX";
    return std::string(mkdtemp(name.data()));
  }();
  SSL_CTX* context_ = nullptr;
  SSL* tls_ = nullptr;
  int socket_ = -1;
};

constexpr int kSettings = 4, kPing = 6, kAck = 1;

TEST_F(GreetingTest, TheServerMaySpeakFirst) {
  Connect("\x02h2");
  ASSERT_EQ(Frame(), std::make_pair(kSettings, 0));
  const std::string settings("\0\0\0\x04\0\0\0\0\0", 9), acknowledged("\0\0\0\x04\x01\0\0\0\0", 9);
  const std::string ping("\0\0\x08\x06\0\0\0\0\0whatever", 17);
  Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings + acknowledged + ping);
  std::vector<std::pair<int, int>> frames;
  do {
    frames.push_back(Frame());
    // Settings that came a second time would belong to another session.
    ASSERT_NE(frames.back(), std::make_pair(kSettings, 0));
    ASSERT_NE(frames.back().first, -1) << "closed";
  } while (frames.back() != std::make_pair(kPing, kAck));
}

TEST_F(GreetingTest, TheOlderProtocolByName) {
  Connect("\x08http/1.1");
  Send("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(Receive(12), "HTTP/1.1 404");
}

}  // namespace
}  // namespace tsunagu::web
