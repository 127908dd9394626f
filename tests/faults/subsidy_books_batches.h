#ifndef TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_BATCHES_H_
#define TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_BATCHES_H_

#include <map>
#include <string>

#include "tests/faults/subsidy_books_reader.h"

namespace tsunagu::faults {

// Checks batches of payments; `reserved`: all that was ever committed, by application and by claim of hours.
void CheckBatches(BookReader& reader, const std::map<std::string, long>& reserved);
// Checks what was forwarded to the deciding body.
void CheckForwardings(BookReader& reader);

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_BATCHES_H_
