package dev.realtime.spring.journey;

/** What is refused in the servlet container. */
class SecurityEventsIT extends SecurityEventsContract {

}
