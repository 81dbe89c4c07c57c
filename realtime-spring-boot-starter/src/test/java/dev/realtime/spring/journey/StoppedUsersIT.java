package dev.realtime.spring.journey;

/** Users are stopped in the servlet container. */
class StoppedUsersIT extends StoppedUsersContract {

}
