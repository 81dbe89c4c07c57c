package dev.realtime.spring.journey;

/** Streams' limits in the servlet container. */
class StreamLimitsIT extends StreamLimitsContract {

}
