package dev.realtime.spring.journey;

/** Sessions of the servlet container. */
class HttpSessionEndIT extends HttpSessionEndContract {

}
