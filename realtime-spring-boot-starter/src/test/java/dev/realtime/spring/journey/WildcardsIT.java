package dev.realtime.spring.journey;

/** In the servlet container. */
class WildcardsIT extends WildcardsContract {

}
