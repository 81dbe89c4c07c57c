package dev.realtime.spring.journey;

/** Grants in tokens in the servlet container. */
class TokenGrantsIT extends TokenGrantsContract {

}
