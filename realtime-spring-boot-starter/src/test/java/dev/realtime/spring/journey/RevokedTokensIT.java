package dev.realtime.spring.journey;

/** Tokens are revoked in the servlet container. */
class RevokedTokensIT extends RevokedTokensContract {

}
