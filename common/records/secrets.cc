#include "common/records/secrets.h"

#include "absl/strings/str_cat.h"
#include "common/base/cipher.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/records/store.h"

namespace tsunagu::store {
namespace {

constexpr size_t kSecretBytes = 32;

std::string ContextOf(absl::string_view name) { return absl::StrCat("secrets ", name); }

}  // namespace

absl::StatusOr<std::string> Store::LoadSecret(absl::string_view name) {
  const Deadline deadline = Deadline::After(absl::Seconds(30));
  std::string kept;
  auto read = [&] {
    return database_->Read(deadline, [&](Session& session) {
      return session.Query("SELECT `bytes` FROM `secrets` WHERE `name` = ?", {name}, [&](const Row& row) {
        kept = row.Bytes(0);
        return absl::OkStatus();
      });
    });
  };
  RETURN_IF_ERROR(read());
  if (kept.size() > kSecretBytes) return Decrypt(ContextOf(name), kept);
  // Absent, or plain text in a database from before there were keys.
  const bool absent = kept.empty();
  const std::string secret = absent ? Entropy::System().Bytes(kSecretBytes) : kept;
  ASSIGN_OR_RETURN(const std::string encrypted, Encrypt(ContextOf(name), secret));
  const absl::Status written = database_->Write(deadline, [&](Session& session) {
    return absent
               ? session.Execute("INSERT INTO `secrets` (`name`, `bytes`) VALUES (?, ?)", {name, Blob{encrypted}})
                     .status()
               : session.Execute("UPDATE `secrets` SET `bytes` = ? WHERE `name` = ?", {Blob{encrypted}, name}).status();
  });
  Failpoint("store.after_secret");
  if (!written.ok() && !absl::IsAlreadyExists(written)) return written;
  RETURN_IF_ERROR(read());  // another replica may have been first
  return Decrypt(ContextOf(name), kept);
}

absl::Status Store::LoadSecrets() {
  for (const std::string& name : secret_names_) {
    ASSIGN_OR_RETURN(secrets_[name], LoadSecret(name));
  }
  return absl::OkStatus();
}

absl::Status Store::ReadSecrets() {
  std::map<std::string, std::string> kept;
  RETURN_IF_ERROR(database_->Read(Deadline::After(absl::Seconds(30)), [&](Session& session) {
    kept.clear();
    return session.Query("SELECT `name`, `bytes` FROM `secrets`", {}, [&](const Row& row) {
      kept[row.Bytes(0)] = row.Bytes(1);
      return absl::OkStatus();
    });
  }));
  for (const auto& [name, bytes] : kept) {
    if (bytes.size() <= kSecretBytes) {
      secrets_[name] = bytes;
    } else {
      ASSIGN_OR_RETURN(secrets_[name], Decrypt(ContextOf(name), bytes));
    }
  }
  return absl::OkStatus();
}

absl::Status MakeSecret(Tx& tx, absl::string_view name) {
  ASSIGN_OR_RETURN(const std::string encrypted,
                   tx.parts().Encrypt(ContextOf(name), Entropy::System().Bytes(kSecretBytes)));
  return tx.session()
      .Execute("INSERT INTO `secrets` (`name`, `bytes`) VALUES (?, ?)", {name, Blob{encrypted}})
      .status();
}

absl::StatusOr<std::string> ReadSecret(View& view, absl::string_view name) {
  std::string kept;
  RETURN_IF_ERROR(view.session().Query("SELECT `bytes` FROM `secrets` WHERE `name` = ?", {name}, [&](const Row& row) {
    kept = row.Bytes(0);
    return absl::OkStatus();
  }));
  if (kept.empty()) return Fail("SEALED_DATA_DAMAGED"_reason);
  return view.parts().Decrypt(ContextOf(name), kept);
}

}  // namespace tsunagu::store
