#pragma once

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>

namespace troupe::test {

/// A certificate made for one test.
struct certificate_wish {
  std::string subject_ip = "127.0.0.1"; ///< The only address it is good for.
  long valid_from_s = -3600;            ///< From now, in seconds.
  long valid_until_s = 3600;
};

/// A self-signed certificate and its key; signed by itself, it is its own
/// authority.
class test_certificate {
public:
  explicit test_certificate(const certificate_wish& wish = {});
  ~test_certificate();
  test_certificate(const test_certificate&) = delete;
  test_certificate& operator=(const test_certificate&) = delete;

  /// PEM file of the certificate, as a client's CA file.
  [[nodiscard]] const std::string& file() const { return cert_file_; }
  [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> server() const;

private:
  std::string cert_file_;
  std::string key_file_;
};

} // namespace troupe::test
