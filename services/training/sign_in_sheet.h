#ifndef TSUNAGU_SERVICES_TRAINING_SIGN_IN_SHEET_H_
#define TSUNAGU_SERVICES_TRAINING_SIGN_IN_SHEET_H_

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::training {

// Sign-in sheets of sessions.
void AddSignInSheets(Service& service);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_SIGN_IN_SHEET_H_
