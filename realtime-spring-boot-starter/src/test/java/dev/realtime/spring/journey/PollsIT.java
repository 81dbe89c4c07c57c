package dev.realtime.spring.journey;

/** Polls and SENDs in the servlet container. */
class PollsIT extends PollsContract {

}
