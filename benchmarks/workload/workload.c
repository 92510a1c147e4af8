/* W as a C programmer would write it: one file, no library, one thread.
 *
 *     workload WORLD COUNTS
 *
 * reads a world (see c_program.py, which writes it), runs it, writes the counts int32[steps][commissioners][states]
 * and prints the changes of state, the CPU seconds of set-up and run, and the peak of memory in kilobytes.
 * A calendar of blocks of patients, deaths sorted once, binary heaps in one array, and prefetching: law.py has the law.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { UNDIAGNOSED, REFERRED, DECISION, WAITING, TREATED, EXIT, DEAD, STATES };
enum { DEATH = 7, PROVIDERS = 60, COMMISSIONERS = 211, SERVICES = 25, CELLS = PROVIDERS * SERVICES };
enum { REFERRED_STAY = SERVICES, DECISION_STAY, TREATED_STAY, LIFETIME, KINDS };
enum { CAPACITY_SHIFT = 16, GUIDES = 256, BLOCK = 1024, AHEAD = 16 };

static const uint32_t REFUSED_BELOW = 429496729u, RELAPSE_BELOW = 1288490188u;

typedef struct {
    uint8_t state, service, commissioner, relapses;
    int16_t cell, referral, death;
    uint8_t ends, spare; /* ends: the present decision or treatment is the last */
} Patient;

typedef struct Block {
    struct Block *next;
    int32_t count;
    int32_t row[BLOCK];
} Block;

typedef struct {
    uint64_t *key;
    int32_t count;
} Heap;

static int32_t size, steps, per_year, width, seed;
static uint32_t *stays;
static int16_t guide[KINDS][GUIDES];
static int64_t rate[CELLS], budget[COMMISSIONERS], cost[SERVICES], spent[COMMISSIONERS], events;
static Patient *patients;
static Block **calendar, *unused;
static Heap asking[COMMISSIONERS], waiting[CELLS];
static int32_t now[COMMISSIONERS][STATES];

static void fail(const char *what) {
    fprintf(stderr, "workload: %s\n", what);
    exit(1);
}

static void *allocate(size_t count, size_t each) {
    void *made = calloc(count ? count : 1, each);
    if (!made) fail("out of memory");
    return made;
}

static void take(FILE *file, void *into, size_t count, size_t each) {
    if (fread(into, each, count, file) != count) fail("the world is cut short");
}

/* --- luck: Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011) --- */

static inline void philox(uint32_t row, uint32_t decision, uint32_t occasion, uint32_t *word_0, uint32_t *word_1) {
    uint32_t c0 = row, c1 = decision, c2 = occasion, c3 = 0, k0 = (uint32_t)seed, k1 = 0;
    for (int i = 0; i < 10; i++) {
        uint64_t p0 = (uint64_t)0xD2511F53u * c0, p1 = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    *word_0 = c0;
    *word_1 = c1;
}

static inline int32_t stay_of(int kind, uint32_t word) {
    const uint32_t *row = stays + (size_t)kind * width;
    int32_t stay = guide[kind][word >> 24];
    while (stay < width && word >= row[stay]) stay++;
    return stay + 1;
}

static void make_guides(void) {
    for (int kind = 0; kind < KINDS; kind++)
        for (uint32_t part = 0, stay = 0; part < GUIDES; part++) {
            while (stay < (uint32_t)width && part << 24 >= stays[(size_t)kind * width + stay]) stay++;
            guide[kind][part] = (int16_t)stay;
        }
}

/* --- the calendar --- */

static inline void schedule(int32_t row, int32_t step) {
    if (step >= steps || step >= patients[row].death) return;
    Block *block = calendar[step];
    if (!block || block->count == BLOCK) {
        Block *fresh = unused;
        if (fresh) unused = fresh->next;
        else fresh = allocate(1, sizeof *fresh);
        fresh->next = block;
        fresh->count = 0;
        calendar[step] = block = fresh;
    }
    block->row[block->count++] = row;
}

/* --- queues: binary heaps of (step of referral, patient) --- */

static inline uint64_t key_of(int32_t row) { return (uint64_t)(uint16_t)patients[row].referral << 32 | (uint32_t)row; }

static inline void push(Heap *heap, uint64_t key) {
    int32_t at = heap->count++;
    while (at > 0 && heap->key[(at - 1) / 2] > key) {
        heap->key[at] = heap->key[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap->key[at] = key;
}

static inline int32_t pop(Heap *heap) {
    uint64_t first = heap->key[0], last = heap->key[--heap->count];
    int32_t at = 0, child = 1, count = heap->count;
    while (child < count) {
        if (child + 1 < count && heap->key[child + 1] < heap->key[child]) child++;
        if (heap->key[child] >= last) break;
        heap->key[at] = heap->key[child];
        at = child;
        child = 2 * at + 1;
    }
    heap->key[at] = last;
    return (int32_t)(uint32_t)first;
}

static void make_heaps(void) {
    size_t in_cell[CELLS] = {0}, at_payer[COMMISSIONERS] = {0};
    for (int32_t row = 0; row < size; row++) in_cell[patients[row].cell]++, at_payer[patients[row].commissioner]++;
    uint64_t *free_cell = allocate((size_t)size, sizeof(uint64_t)), *free_payer = allocate((size_t)size, sizeof(uint64_t));
    for (int i = 0; i < CELLS; i++) waiting[i].key = free_cell, free_cell += in_cell[i];
    for (int i = 0; i < COMMISSIONERS; i++) asking[i].key = free_payer, free_payer += at_payer[i];
}

/* --- the rules --- */

static inline void move(Patient *patient, int state) {
    now[patient->commissioner][patient->state]--;
    now[patient->commissioner][state]++;
    patient->state = (uint8_t)state;
    events++;
}

static inline void enter(int32_t row, int state, int kind, int32_t step) {
    Patient *patient = patients + row;
    uint32_t word_0, word_1;
    move(patient, state);
    philox((uint32_t)row, (uint32_t)state, patient->relapses, &word_0, &word_1);
    if (state == DECISION) patient->ends = word_1 < REFUSED_BELOW;
    if (state == TREATED) patient->ends = word_1 >= RELAPSE_BELOW;
    schedule(row, step + stay_of(kind, word_0));
}

static inline void refer(int32_t row, int32_t step) {
    patients[row].referral = (int16_t)step;
    enter(row, REFERRED, REFERRED_STAY, step);
}

static inline void end_stay(int32_t row, int32_t step) {
    Patient *patient = patients + row;
    if (patient->state == UNDIAGNOSED) refer(row, step);
    else if (patient->state == REFERRED) enter(row, DECISION, DECISION_STAY, step);
    else if (patient->ends) move(patient, EXIT);
    else if (patient->state == DECISION) push(&asking[patient->commissioner], key_of(row));
    else {
        patient->relapses++;
        refer(row, step);
    }
}

static void end_stays(int32_t step) {
    for (Block *block = calendar[step], *after; block; block = after) {
        for (int32_t i = 0; i < block->count; i++) {
            if (i + AHEAD < block->count) __builtin_prefetch(patients + block->row[i + AHEAD], 1);
            end_stay(block->row[i], step);
        }
        after = block->next;
        block->next = unused;
        unused = block;
    }
}

static void die(const int32_t *row, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        if (i + AHEAD < count) __builtin_prefetch(patients + row[i + AHEAD], 1);
        if (patients[row[i]].state < EXIT) move(patients + row[i], DEAD);
    }
}

static void fund(void) {
    for (int i = 0; i < COMMISSIONERS; i++)
        while (asking[i].count && spent[i] < budget[i]) {
            int32_t row = pop(&asking[i]);
            if (patients[row].state != DECISION) continue;
            spent[i] += cost[patients[row].service];
            move(patients + row, WAITING);
            push(&waiting[patients[row].cell], key_of(row));
        }
}

static void treat(int32_t step) {
    for (int i = 0; i < CELLS; i++) {
        int64_t free = ((step + 1) * rate[i] >> CAPACITY_SHIFT) - (step * rate[i] >> CAPACITY_SHIFT);
        while (free > 0 && waiting[i].count) {
            int32_t row = pop(&waiting[i]);
            if (patients[row].state != WAITING) continue;
            free--;
            enter(row, TREATED, TREATED_STAY, step);
        }
    }
}

/* Sort everyone's death by step and begin everyone's first stay; first[t] to first[t + 1] die in step t. */
static int32_t *begin(int32_t *first) {
    uint32_t word, other;
    for (int32_t row = 0; row < size; row++) {
        philox((uint32_t)row, DEATH, 0, &word, &other);
        int32_t death = stay_of(LIFETIME, word) - 1;
        patients[row].death = (int16_t)death;
        if (death < steps) first[death + 1]++;
        philox((uint32_t)row, UNDIAGNOSED, 0, &word, &other);
        schedule(row, stay_of(patients[row].service, word) - 1);
        now[patients[row].commissioner][UNDIAGNOSED]++;
    }
    for (int32_t step = 0; step < steps; step++) first[step + 1] += first[step];
    int32_t *dying = allocate((size_t)first[steps], sizeof *dying), *next = allocate((size_t)steps, sizeof *next);
    memcpy(next, first, (size_t)steps * sizeof *next);
    for (int32_t row = 0; row < size; row++)
        if (patients[row].death < steps) dying[next[patients[row].death]++] = row;
    free(next);
    return dying;
}

static void read_world(FILE *file) {
    int32_t head[5];
    take(file, head, 5, sizeof *head);
    size = head[0], steps = head[1], per_year = head[2], width = head[3], seed = head[4];
    stays = allocate((size_t)KINDS * (size_t)width, sizeof *stays);
    take(file, stays, (size_t)KINDS * (size_t)width, sizeof *stays);
    take(file, rate, CELLS, sizeof *rate);
    take(file, budget, COMMISSIONERS, sizeof *budget);
    take(file, cost, SERVICES, sizeof *cost);
}

int main(int count, char **name) {
    if (count != 3) fail("wants WORLD COUNTS");
    FILE *file = fopen(name[1], "rb");
    if (!file) fail("cannot read the world");
    read_world(file);
    uint8_t *given = allocate((size_t)size, 4);
    take(file, given, (size_t)size, 4); /* service, commissioner, cell */
    fclose(file);

    clock_t begun = clock();
    patients = allocate((size_t)size, sizeof *patients);
    for (int32_t row = 0; row < size; row++) {
        patients[row].service = given[4 * (size_t)row];
        patients[row].commissioner = given[4 * (size_t)row + 1];
        memcpy(&patients[row].cell, given + 4 * (size_t)row + 2, 2);
    }
    free(given);
    calendar = allocate((size_t)steps, sizeof *calendar);
    make_guides();
    make_heaps();
    int32_t *first = allocate((size_t)steps + 1, sizeof *first), *dying = begin(first);
    int32_t(*counts)[COMMISSIONERS][STATES] = allocate((size_t)steps, sizeof now);
    for (int32_t step = 0; step < steps; step++) {
        if (step % per_year == 0) memset(spent, 0, sizeof spent);
        die(dying + first[step], first[step + 1] - first[step]);
        end_stays(step);
        fund();
        treat(step);
        memcpy(counts[step], now, sizeof now);
    }
    double seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;

    file = fopen(name[2], "wb");
    if (!file || fwrite(counts, sizeof now, (size_t)steps, file) != (size_t)steps || fclose(file)) fail("cannot write the counts");
    long peak = 0;
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status)) sscanf(line, "VmHWM: %ld", &peak);
    printf("%lld %.6f %ld\n", (long long)events, seconds, peak);
    return 0;
}
