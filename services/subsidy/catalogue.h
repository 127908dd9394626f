#ifndef TSUNAGU_SERVICES_SUBSIDY_CATALOGUE_H_
#define TSUNAGU_SERVICES_SUBSIDY_CATALOGUE_H_

namespace tsunagu {
class Service;
}

namespace tsunagu::subsidy {

// Adds the public data of programmes, which can be read without a key.
void AddCatalogue(Service& service);

}  // namespace tsunagu::subsidy

#endif  // TSUNAGU_SERVICES_SUBSIDY_CATALOGUE_H_
