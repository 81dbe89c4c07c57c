package dev.realtime.spring.journey;

/** Credentials are renewed in the servlet container. */
class RenewalIT extends RenewalContract {

}
