#ifndef TSUNAGU_SERVICES_SUBSIDY_FILING_H_
#define TSUNAGU_SERVICES_SUBSIDY_FILING_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::subsidy {

// Adds the filings of applicants.
void AddFilings(Service& service);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_FILING_H_
