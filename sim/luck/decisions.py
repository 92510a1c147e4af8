"""The decisions that luck enters. A number is never reused: draws made for one cannot move another."""

ONSET_COUNT = 1
ONSET = 2
DEATH = 3
DIAGNOSIS = 4
CHOICE = 5
QUEUE_TIE = 6
START_DAY = 7
PROCEDURE = 8
STOP = 9
STOCK = 10
UNOBSERVED_NEED = 11
REST_OF_PORTFOLIO = 12
IDENTITY = 13
TWIN_SET = 14
SAMPLING_PHASE = 15
