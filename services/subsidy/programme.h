#ifndef TSUNAGU_SERVICES_SUBSIDY_PROGRAMME_H_
#define TSUNAGU_SERVICES_SUBSIDY_PROGRAMME_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::subsidy {

// Adds programmes, and the allotments of bodies in them.
void AddProgrammes(Service& service);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_PROGRAMME_H_
