package dev.realtime.spring.journey;

/** Streams' credentials in the servlet container. */
class StreamCredentialsIT extends StreamCredentialsContract {

}
