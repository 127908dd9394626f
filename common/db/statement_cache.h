#ifndef TSUNAGU_COMMON_DB_STATEMENT_CACHE_H_
#define TSUNAGU_COMMON_DB_STATEMENT_CACHE_H_

#include <cstddef>
#include <memory>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/base/lru.h"

namespace tsunagu::store {

// The prepared statements of one connection by their SQL; the least recently used is evicted first. A statement in use
// is taken out of the cache, so that the same SQL inside its own loop prepares a second one. Not thread-safe.
template <typename Statement>
class StatementCache {
 public:
  explicit StatementCache(size_t bound) : by_sql_(bound) {}

  // Returns null when no such statement is free.
  std::unique_ptr<Statement> Take(absl::string_view sql) {
    std::unique_ptr<Statement>* const kept = by_sql_.Find(sql);
    return kept == nullptr ? nullptr : std::move(*kept);
  }

  void Return(absl::string_view sql, std::unique_ptr<Statement> statement) {
    std::unique_ptr<Statement>* const kept = by_sql_.Find(sql);
    if (kept == nullptr) return by_sql_.Add(sql, std::move(statement));
    if (*kept == nullptr) *kept = std::move(statement);
  }

  void Clear() { by_sql_.Clear(); }

 private:
  Lru<std::unique_ptr<Statement>> by_sql_;  // null while in use
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_STATEMENT_CACHE_H_
