#ifndef TSUNAGU_COMMON_DB_STATEMENT_CACHE_H_
#define TSUNAGU_COMMON_DB_STATEMENT_CACHE_H_

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"

namespace tsunagu::store {

// The prepared statements of one connection by their SQL; the least recently used is evicted first. A statement in use
// is taken out of the cache, so that the same SQL inside its own loop prepares a second one. Not thread-safe.
template <typename Statement>
class StatementCache {
 public:
  explicit StatementCache(size_t bound) : bound_(bound) {}

  // Returns null when no such statement is free.
  std::unique_ptr<Statement> Take(absl::string_view sql) {
    const auto found = by_sql_.find(sql);
    if (found == by_sql_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return std::move(found->second->statement);
  }

  void Return(absl::string_view sql, std::unique_ptr<Statement> statement) {
    if (const auto found = by_sql_.find(sql); found != by_sql_.end()) {
      if (found->second->statement == nullptr) found->second->statement = std::move(statement);
      return;
    }
    entries_.push_front(Entry{std::string(sql), std::move(statement)});
    by_sql_.emplace(entries_.front().sql, entries_.begin());
    if (entries_.size() <= bound_) return;
    by_sql_.erase(entries_.back().sql);
    entries_.pop_back();
  }

  void Clear() {
    by_sql_.clear();
    entries_.clear();
  }

 private:
  struct HashSql {
    size_t operator()(absl::string_view sql) const { return absl::Hash<absl::string_view>()(sql); }
  };
  struct Entry {
    std::string sql;
    std::unique_ptr<Statement> statement;  // null while in use
  };
  using Entries = std::list<Entry>;

  const size_t bound_;
  Entries entries_;  // most recently used first
  std::unordered_map<absl::string_view, typename Entries::iterator, HashSql> by_sql_;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_STATEMENT_CACHE_H_
