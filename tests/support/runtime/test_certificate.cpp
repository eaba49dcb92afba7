#include "support/runtime/test_certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <unistd.h>

namespace troupe::test {

namespace {

template <class T, auto Free>
using owned = std::unique_ptr<T, std::integral_constant<decltype(Free), Free>>;
using owned_key = owned<EVP_PKEY, &EVP_PKEY_free>;
using owned_cert = owned<X509, &X509_free>;

void need(bool good) {
  if (!good)
    throw std::runtime_error("test certificate");
}

std::string fresh_path(const std::string& name) {
  static std::atomic<int> count = 0;
  const auto file = "troupe-" + std::to_string(::getpid()) + "-"
                    + std::to_string(++count) + "-" + name;
  return (std::filesystem::temp_directory_path() / file).string();
}

void add_extension(X509* cert, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, cert, cert, nullptr, nullptr, 0);
  auto* made = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  need(made != nullptr);
  X509_add_ext(cert, made, -1);
  X509_EXTENSION_free(made);
}

owned_cert make_cert(EVP_PKEY* key, const certificate_wish& wish) {
  owned_cert cert{X509_new()};
  X509_set_version(cert.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), wish.valid_from_s);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), wish.valid_until_s);
  X509_set_pubkey(cert.get(), key);
  auto* name = X509_get_subject_name(cert.get());
  const std::string text = "troupe test";
  X509_NAME_add_entry_by_txt(
      name, "CN", MBSTRING_ASC,
      reinterpret_cast<const unsigned char*>(text.data()), -1, -1, 0);
  X509_set_issuer_name(cert.get(), name);
  add_extension(cert.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(cert.get(), NID_subject_alt_name, "IP:" + wish.subject_ip);
  need(X509_sign(cert.get(), key, EVP_sha256()) > 0);
  return cert;
}

template <class Write>
std::string write_file(const std::string& name, Write write) {
  auto path = fresh_path(name);
  std::FILE* out = std::fopen(path.c_str(), "wb");
  need(out != nullptr);
  write(out);
  std::fclose(out);
  return path;
}

} // namespace

test_certificate::test_certificate(const certificate_wish& wish) {
  const owned_key key{EVP_EC_gen("P-256")};
  need(key != nullptr);
  const auto cert = make_cert(key.get(), wish);
  cert_file_ = write_file("cert.pem", [&](std::FILE* out) {
    need(PEM_write_X509(out, cert.get()) == 1);
  });
  key_file_ = write_file("key.pem", [&](std::FILE* out) {
    need(PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr,
                              nullptr)
         == 1);
  });
}

test_certificate::~test_certificate() {
  std::error_code ignored;
  std::filesystem::remove(cert_file_, ignored);
  std::filesystem::remove(key_file_, ignored);
}

std::shared_ptr<boost::asio::ssl::context> test_certificate::server() const {
  namespace ssl = boost::asio::ssl;
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  context->use_certificate_chain_file(cert_file_);
  context->use_private_key_file(key_file_, ssl::context::pem);
  return context;
}

} // namespace troupe::test
