package dev.realtime.spring.journey;

/** The age of connections in the servlet container. */
class ConnectionAgeIT extends ConnectionAgeContract {

}
