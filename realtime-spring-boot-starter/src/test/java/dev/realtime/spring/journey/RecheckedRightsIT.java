package dev.realtime.spring.journey;

/** Rights are decided again in the servlet container. */
class RecheckedRightsIT extends RecheckedRightsContract {

}
