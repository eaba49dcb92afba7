#include "support/runtime/store_workload.hpp"

#include "support/runtime/store_world.hpp"

namespace troupe::test {

using namespace actors;

namespace {

constexpr std::size_t all = 1'000'000;
constexpr protocol::duration lease_time{10'000};

std::string value_of(std::uint64_t number) {
  protocol::test::random_source random{number};
  const auto size = number % 16 == 0 ? 40'000 : random.below(2'000);
  return std::to_string(number) + std::string(size, 'v');
}

store_txn ack_of(const claimed_task& it, std::uint64_t number) {
  return {{2, number},
          {},
          {ack_task{it.task, it.token},
           put_value{"done/" + it.body, std::to_string(it.token)}}};
}

} // namespace

store_txn numbered_txn(std::uint64_t number) {
  const auto name = std::to_string(number);
  return {{1, number},
          {require_revision{"k/" + name, 0}},
          {put_value{"k/" + name, value_of(number)},
           append_records{"log", {name}}, credit_account{"sum", 1},
           enqueue_task{"q", name, {}, name}}};
}

std::set<std::uint64_t> numbers_in(durable_store& store, std::string& problem) {
  std::set<std::uint64_t> out;
  const auto values = store.list("k/", "", all);
  const auto records = store.read("log", 0, all);
  const auto sum = store.funds("sum");
  const auto done = store.list("done/", "", all);
  const auto changes = store.changes(0, "", all);
  if (!values || !records || !sum || !done || !changes) {
    problem = "what is there cannot be read";
    return out;
  }
  for (const auto& it : *values) {
    const auto number = std::stoull(it.key.substr(2));
    out.insert(number);
    if (it.value != value_of(number))
      problem = "a value is not what was put";
  }
  std::set<std::uint64_t> recorded;
  for (const auto& it : *records) {
    recorded.insert(std::stoull(it.record));
    if (it.sequence != recorded.size())
      problem = "a record is missing or there twice";
  }
  if (recorded != out || static_cast<std::size_t>(*sum) != out.size())
    problem = "a commit is there by half";
  std::uint64_t cursor = 0;
  for (const auto& it : *changes)
    if (it.cursor != ++cursor)
      problem = "a change is missing";
  if (cursor != 4 * out.size() + done->size())
    problem = "the changes are not those of the commits";
  return out;
}

void store_workload::note(std::uint64_t number, const commit_result& it) {
  unknown_.erase(number);
  none_.erase(number);
  if (it.outcome == commit_outcome::committed) {
    acked_[number] = it;
    revision_ = std::max(revision_, it.numbers.at(0));
  } else if (it.outcome == commit_outcome::unavailable) {
    none_.insert(number);
    ++denied_;
  } else {
    unknown_.insert(number);
    ++doubted_;
  }
}

void store_workload::go_on(durable_store& store) {
  std::vector<std::uint64_t> numbers;
  for (auto left = 1 + random_.below(3); left > 0; --left)
    numbers.push_back(++last_number_);
  // What failed is asked for again, now or when all is over.
  for (const auto* failed : {&unknown_, &none_})
    if (!failed->empty() && random_.coin())
      numbers.push_back(*failed->begin());
  std::vector<store_txn> group;
  group.reserve(numbers.size() + 1);
  for (const auto number : numbers)
    group.push_back(numbered_txn(number));
  if (!claimed_.empty() && random_.coin()) {
    group.push_back(ack_of(claimed_.back(), ++acks_));
    claimed_.pop_back();
  }
  now_ += protocol::duration{100};
  const auto done = store.commit(group, now_);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    note(numbers[i], done.at(i));
  if (random_.below(4) == 0)
    claim(store);
}

void store_workload::claim(durable_store& store) {
  if (const auto tasks = store.claim("q", 2, lease_time, now_))
    for (const auto& it : *tasks) {
      token_ = std::max(token_, it.token);
      claimed_.push_back(it);
    }
  if (const auto token = store.lease("l", lease_, lease_time, now_);
      token && *token != 0) {
    lease_ = *token;
    token_ = std::max(token_, lease_);
  }
}

std::string store_workload::check(durable_store& store) {
  std::string problem;
  const auto there = numbers_in(store, problem);
  if (!problem.empty())
    return problem;
  for (const auto& [number, it] : acked_)
    if (there.count(number) == 0)
      return "an acknowledged commit is lost: " + std::to_string(number);
  for (const auto number : none_)
    if (there.count(number) != 0)
      return "what was not done is there: " + std::to_string(number);
  for (const auto number : there)
    if (acked_.count(number) == 0 && unknown_.count(number) == 0)
      return "what nobody has asked for is there";
  if (auto wrong = check_answers(store); !wrong.empty())
    return wrong;
  return check_tokens(store);
}

std::string store_workload::check_answers(durable_store& store) {
  now_ += protocol::duration{100};
  for (const auto& [number, it] : acked_) {
    const auto again = numbered_txn(number);
    if (to_text(store.commit({&again, 1}, now_).at(0)) != to_text(it))
      return "the same commit is answered otherwise";
  }
  for (const auto number : unknown_) {
    const auto again = numbered_txn(number);
    const auto done = store.commit({&again, 1}, now_);
    if (done.at(0).outcome != commit_outcome::committed)
      return "what nobody knew is not committed: " + to_text(done.at(0));
  }
  std::string problem;
  const auto there = numbers_in(store, problem);
  if (problem.empty() && there.size() != acked_.size() + unknown_.size())
    return "asking again has changed what is there";
  return problem;
}

std::string store_workload::check_tokens(durable_store& store) {
  now_ += protocol::duration{1'000'000}; // all leases have run out
  const auto lease = store.lease("l", 0, lease_time, now_);
  if (!lease || *lease <= token_)
    return "a token of a lease went back";
  const auto done = store.list("done/", "", all);
  const auto tasks = store.claim("q", all, lease_time, now_);
  std::string problem;
  const auto there = numbers_in(store, problem);
  if (!done || !tasks || done->size() + tasks->size() != there.size())
    return "a task is lost or there twice";
  for (const auto& it : *tasks)
    if (it.token <= token_)
      return "a token of a task went back";
  const auto put = numbered_txn(++last_number_);
  const auto made = store.commit({&put, 1}, now_).at(0);
  if (made.outcome != commit_outcome::committed
      || made.numbers.at(0) <= revision_)
    return "a revision went back";
  return {};
}

} // namespace troupe::test
