#include "common/web/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/file.h"
#include "common/base/status_macros.h"

namespace tsunagu::web {
namespace {

struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Certificate = std::unique_ptr<X509, FreeX509>;

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using Context = std::unique_ptr<SSL_CTX, FreeContext>;
using Contexts = std::vector<Context>;

std::string LastError() {
  char text[200] = "";
  if (const unsigned long error = ERR_peek_last_error(); error != 0) ERR_error_string_n(error, text, sizeof(text));
  ERR_clear_error();
  return text;
}

absl::Status Unusable(const std::string& file, absl::string_view ja, absl::string_view en) {
  const std::string why = LastError();
  return absl::FailedPreconditionError(
      absl::StrCat(file, " を使えません: ", ja, why.empty() ? "。" : absl::StrCat("（", why, "）。"), "\nCannot use ",
                   file, ": ", en, why.empty() ? "." : absl::StrCat(" (", why, ").")));
}

// h2 first: it supports every form.
int ChooseProtocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                   unsigned int offered_size, void*) {
  static constexpr unsigned char kOurs[] = "\x02h2\x08http/1.1";
  const int found =
      SSL_select_next_proto(const_cast<unsigned char**>(chosen), size, kOurs, sizeof(kOurs) - 1, offered, offered_size);
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// The context of the first certificate keeps those of the others here: a connection that began with it may still choose
// one of them after the files were replaced.
int OthersIndex() {
  static const int index = SSL_CTX_get_ex_new_index(
      0, nullptr, nullptr, nullptr,
      [](void*, void* others, CRYPTO_EX_DATA*, int, long, void*) { delete static_cast<Contexts*>(others); });
  return index;
}

// Chooses by the name that the caller requests. Without a name, or for an unknown name, the caller gets the first.
int ChooseCertificate(SSL* session, int*, void*) {
  const char* name = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name);
  if (name == nullptr) return SSL_TLSEXT_ERR_OK;
  const auto bears = [name](const SSL_CTX* context) {
    return X509_check_host(SSL_CTX_get0_certificate(context), name, 0, 0, nullptr) == 1;
  };
  const SSL_CTX* first = SSL_get_SSL_CTX(session);
  if (bears(first)) return SSL_TLSEXT_ERR_OK;
  for (const Context& other : *static_cast<const Contexts*>(SSL_CTX_get_ex_data(first, OthersIndex()))) {
    if (!bears(other.get())) continue;
    SSL_set_SSL_CTX(session, other.get());
    break;
  }
  return SSL_TLSEXT_ERR_OK;
}

// Makes a context with the settings of all connections.
Context NewContext() {
  Context made(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* context = made.get();
  if (context == nullptr) return made;
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_mode(context,
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_max_early_data(context, 0);  // early data could be replayed
  SSL_CTX_set_alpn_select_cb(context, ChooseProtocol, nullptr);
  return made;
}

const char* KindOf(int type) {
  switch (type) {
    case GEN_URI:
      return "uri:";
    case GEN_DNS:
      return "dns:";
    default:
      return nullptr;
  }
}

absl::Time TimeOf(const ASN1_TIME* time) {
  tm parts = {};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

}  // namespace

struct Tls::State {
  Context context;       // of the first certificate
  std::string contents;  // of all files, to detect changes
  absl::Time expires = absl::InfiniteFuture();
};

namespace {

absl::Status UseCertificate(SSL_CTX* context, const std::string& certificates, const std::string& key) {
  if (SSL_CTX_use_certificate_chain_file(context, certificates.c_str()) != 1) {
    return Unusable(certificates, "PEM形式のサーバー証明書がありません", "it holds no server certificate in PEM");
  }
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return Unusable(key, "この証明書の秘密鍵（PEM形式、パスワードなし）ではありません",
                    "it is not the private key of that certificate, in PEM and without a password");
  }
  return absl::OkStatus();
}

absl::Status AskForCertificates(SSL_CTX* context, const std::string& client_ca) {
  static constexpr unsigned char kSessions[] = "tsunagu";
  SSL_CTX_set_session_id_context(context, kSessions, sizeof(kSessions) - 1);
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(client_ca.c_str());
  if (names == nullptr || SSL_CTX_load_verify_file(context, client_ca.c_str()) != 1) {
    return Unusable(client_ca, "PEM形式の認証局証明書がありません", "it holds no certificate authority in PEM");
  }
  SSL_CTX_set_client_CA_list(context, names);
  // A caller without a certificate may still have a key; one with an invalid certificate is refused.
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  // A resumed session would use its certificate without a check of its dates.
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Tls>> Tls::Open(TlsFiles files) {
  std::unique_ptr<Tls> tls(new Tls(std::move(files)));
  RETURN_IF_ERROR(tls->Refresh());
  return tls;
}

Tls::~Tls() = default;

absl::StatusOr<std::string> Tls::ReadAll(const TlsFiles& files) {
  std::string all;
  std::vector<std::string> names = files.certificates;
  names.insert(names.end(), files.keys.begin(), files.keys.end());
  if (!files.client_ca.empty()) names.push_back(files.client_ca);
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const std::string content, ReadWholeFile(name));
    absl::StrAppend(&all, content, "\n");
  }
  return all;
}

absl::StatusOr<std::shared_ptr<const Tls::State>> Tls::Use(const TlsFiles& files, std::string contents) {
  auto state = std::make_shared<State>();
  state->contents = std::move(contents);
  ERR_clear_error();
  auto others = std::make_unique<Contexts>();
  for (size_t i = 0; i < files.certificates.size(); ++i) {
    Context context = NewContext();
    if (context == nullptr) return absl::InternalError(LastError());
    RETURN_IF_ERROR(UseCertificate(context.get(), files.certificates[i], files.keys[i]));
    if (!files.client_ca.empty()) RETURN_IF_ERROR(AskForCertificates(context.get(), files.client_ca));
    state->expires = std::min(state->expires, TimeOf(X509_get0_notAfter(SSL_CTX_get0_certificate(context.get()))));
    if (i == 0) {
      state->context = std::move(context);
    } else {
      others->push_back(std::move(context));
    }
  }
  SSL_CTX* first = state->context.get();
  if (SSL_CTX_set_ex_data(first, OthersIndex(), others.get()) != 1) return absl::InternalError(LastError());
  (void)others.release();  // the context frees it
  SSL_CTX_set_tlsext_servername_callback(first, ChooseCertificate);
  return state;
}

SSL* Tls::NewSession() {
  MutexLock lock(mutex_);
  return SSL_new(state_->context.get());  // the session keeps the context alive
}

absl::Status Tls::Refresh() {
  MutexLock one(refreshing_);
  ASSIGN_OR_RETURN(std::string contents, ReadAll(files_));
  {
    MutexLock lock(mutex_);
    if (state_ != nullptr && state_->contents == contents) return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const State> state, Use(files_, std::move(contents)));
  MutexLock lock(mutex_);
  state_ = std::move(state);
  return absl::OkStatus();
}

absl::Time Tls::expires() const {
  MutexLock lock(mutex_);
  return state_->expires;
}

std::vector<std::string> CertificateNames(const SSL* session) {
  std::vector<std::string> names;
  const Certificate certificate(SSL_get1_peer_certificate(session));
  if (certificate == nullptr || SSL_get_verify_result(session) != X509_V_OK) return names;
  auto* alternatives =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(alternatives); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(alternatives, i);
    const char* kind = KindOf(name->type);
    if (kind == nullptr) continue;
    const ASN1_IA5STRING* text = name->d.ia5;
    const absl::string_view bytes(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                                  static_cast<size_t>(ASN1_STRING_length(text)));
    if (bytes.find('\0') != absl::string_view::npos) continue;
    names.push_back(absl::StrCat(kind, bytes));
    if (name->type == GEN_DNS) absl::AsciiStrToLower(&names.back());
  }
  GENERAL_NAMES_free(alternatives);
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (X509_digest(certificate.get(), EVP_sha256(), hash, &size) == 1) {
    names.push_back(absl::StrCat("sha256:", absl::BytesToHexString({reinterpret_cast<char*>(hash), size})));
  }
  return names;
}

}  // namespace tsunagu::web
