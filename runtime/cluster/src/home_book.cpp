#include "home_book.hpp"

namespace troupe::cluster {

std::string run_of_account(const std::string& account) {
  constexpr std::size_t id_size = 36;
  const auto first = account.find('/');
  if (first == std::string::npos)
    return account;
  const auto run = account.substr(0, account.find('/', first + 1));
  return run.size() > first + id_size ? run.substr(run.size() - id_size) : run;
}

void home_book::begin_own(const std::string& account) {
  if (account.find('/') == std::string::npos)
    return; // a tenant is everybody's
  const std::lock_guard lock{mutex_};
  own_.insert(run_of_account(account));
}

void home_book::end_own(const std::string& account) {
  const auto first = account.find('/');
  if (first == std::string::npos
      || account.find('/', first + 1) != std::string::npos)
    return; // a part of it
  const std::lock_guard lock{mutex_};
  own_.erase(run_of_account(account));
}

void home_book::note(const std::string& account, const link_actor& home) {
  auto run = run_of_account(account);
  const std::lock_guard lock{mutex_};
  if (own_.count(run) != 0)
    return;
  const auto [it, is_new] = homes_.try_emplace(run, home);
  if (!is_new) {
    it->second = home;
    return;
  }
  order_.push_back(std::move(run));
  if (order_.size() <= homes_max)
    return;
  homes_.erase(order_.front());
  order_.pop_front();
}

link_actor home_book::find(const std::string& account) const {
  return find_key(run_of_account(account));
}

link_actor home_book::find(const protocol::id& run) const {
  return find_key(to_string(run));
}

link_actor home_book::find_key(const std::string& run) const {
  const std::lock_guard lock{mutex_};
  if (own_.count(run) != 0)
    return {};
  const auto found = homes_.find(run);
  return found == homes_.end() ? link_actor{} : found->second;
}

void home_book::clear() {
  const std::lock_guard lock{mutex_};
  homes_.clear();
  order_.clear();
}

} // namespace troupe::cluster
