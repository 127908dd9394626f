#ifndef TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_USAGE_H_
#define TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_USAGE_H_

#include "tests/faults/subsidy_books_reader.h"

namespace tsunagu::faults {

// Checks hours: grants, records and claims.
void CheckUsage(BookReader& reader);

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_SUBSIDY_BOOKS_USAGE_H_
