package dev.realtime.spring.journey;

/** Clients of Tomcat move. */
class RebalanceIT extends RebalanceContract {

}
