#pragma once

#include <troupe/actors/durable_store.hpp>

#include <functional>
#include <memory>
#include <string>

/// Which stores a program can open by a URL: `troupe_runtime` knows none, and
/// libraries beside it add theirs. Thread-safe.
namespace troupe::store {

using opened_store = protocol::result<std::unique_ptr<actors::durable_store>>;
using driver = std::function<opened_store(const std::string& url)>;

/// Opens URLs of that scheme from now on, in place of another driver.
void add_driver(const std::string& scheme, driver open);

/// Whether a name is a URL, not that of a file: it begins as `postgresql://`.
[[nodiscard]] bool is_url(const std::string& place);

/// What may be told of a place: a URL without its user, password and options.
[[nodiscard]] std::string printable_place(const std::string& place);

/// Errors: `config_invalid` for a scheme without a driver, which names the
/// library to link; those of the driver.
[[nodiscard]] opened_store open_url(const std::string& url);

/// `it`, asked again by whoever asks for up to `patience` while it is away or
/// does not know: for a server that fails over. Only commits with an id are
/// asked again when nobody knows what became of them. Blocks for that long.
[[nodiscard]] std::unique_ptr<actors::durable_store>
with_patience(std::unique_ptr<actors::durable_store> it,
              protocol::duration patience);

} // namespace troupe::store
