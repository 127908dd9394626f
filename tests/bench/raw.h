#ifndef TSUNAGU_TESTS_BENCH_RAW_H_
#define TSUNAGU_TESTS_BENCH_RAW_H_

#include <string>

namespace tsunagu::bench {

// What a database does when nobody checks, journals or asks: the rows of an imported table inserted once more, by one
// prepared statement in one transaction, into an empty table of the same columns and indexes. Rows a second.

// `file` is the database of a registry that does not run.
double RawSqlite(const std::string& file, const std::string& table);
// `url` names the schema; the copy goes again afterwards.
double RawMysql(const std::string& url, const std::string& table);

// Rows a second of the journal in a database, a file or mysql://…: followed by the verifier, and only read and hashed.
double VerifyRate(const std::string& location);
double ReadAndHashRate(const std::string& location);

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_RAW_H_
