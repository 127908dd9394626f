#ifndef TSUNAGU_TESTS_BENCH_RAW_H_
#define TSUNAGU_TESTS_BENCH_RAW_H_

#include <string>

namespace tsunagu::bench {

// The speed of a database without checks, journal and permissions: the rows of an imported table are inserted again, by
// one prepared statement in one transaction, into an empty table with the same columns and indexes. In rows a second.

// `file` is the database of a registry that is not running.
double RawSqlite(const std::string& file, const std::string& table);
// `url` names the schema; the copy is dropped afterwards.
double RawMysql(const std::string& url, const std::string& table);

// Return rows a second for the journal of a database, a file or mysql://…: checked by the verifier, and only read and
// hashed.
double VerifyRate(const std::string& location);
double ReadAndHashRate(const std::string& location);

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_RAW_H_
