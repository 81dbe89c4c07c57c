package dev.realtime.spring.journey;

class PresenceBoundsIT extends PresenceBoundsContract {

}
