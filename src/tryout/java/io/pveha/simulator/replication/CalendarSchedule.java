package io.pveha.simulator.replication;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Proxmox calendar event, in UTC: {@code [weekday] [[year-]month-day] [hour:]minute[:second]}
 * with lists, {@code ..} ranges and {@code /} steps, or a word like {@code hourly}. Seconds are
 * read and not kept, since nothing runs more often than once a minute.
 */
public final class CalendarSchedule {

  private static final Map<String, String> WORDS =
      Map.of(
          "minutely", "*:*",
          "hourly", "*:00",
          "daily", "00:00",
          "weekly", "mon 00:00",
          "monthly", "*-01 00:00",
          "yearly", "01-01 00:00",
          "annually", "01-01 00:00",
          "quarterly", "01,04,07,10-01 00:00",
          "semiannually", "01,07-01 00:00",
          "semi-annually", "01,07-01 00:00");
  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
  private static final Pattern DAY = Pattern.compile("(mon|tue|wed|thu|fri|sat|sun)[a-z]*");
  private static final Pattern ITEM = Pattern.compile("(\\*|\\d+)(?:\\.\\.(\\d+))?(?:/(\\d+))?");
  private static final int YEARS_AHEAD = 12;

  private final SortedSet<Integer> weekdays = new TreeSet<>();
  private SortedSet<Integer> years;
  private SortedSet<Integer> months = numbers("*", 1, 12);
  private SortedSet<Integer> days = numbers("*", 1, 31);
  private SortedSet<Integer> hours = new TreeSet<>(List.of(0));
  private SortedSet<Integer> minutes = new TreeSet<>(List.of(0));

  private CalendarSchedule() {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with the real server's text when it is none
   */
  public static CalendarSchedule parse(String text) {
    String plain = text.strip().toLowerCase(Locale.ROOT);
    CalendarSchedule schedule = new CalendarSchedule();
    if (plain.isEmpty()) {
      throw invalid();
    }
    String[] parts = WORDS.getOrDefault(plain, plain).split("\\s+");
    int place = 0;
    for (String part : parts) {
      if (place < 1 && DAY.matcher(part.split("[,.]")[0]).matches()) {
        schedule.readWeekdays(part);
        place = 1;
      } else if (place < 2 && part.contains("-")) {
        schedule.readDate(part);
        place = 2;
      } else if (place < 3) {
        schedule.readTime(part);
        place = 3;
      } else {
        throw invalid();
      }
    }
    return schedule;
  }

  private static IllegalArgumentException invalid() {
    return new IllegalArgumentException("unable to parse calendar event");
  }

  private void readWeekdays(String part) {
    for (String item : part.split(",")) {
      String[] ends = item.split("\\.\\.");
      int from = weekday(ends[0]);
      int to = ends.length > 1 ? weekday(ends[1]) : from;
      for (int day = from; ; day = day % 7 + 1) {
        weekdays.add(day);
        if (day == to) {
          break;
        }
      }
    }
  }

  private static int weekday(String name) {
    if (!DAY.matcher(name).matches()) {
      throw invalid();
    }
    return 1 + DAYS.indexOf(name.substring(0, 3));
  }

  private void readDate(String part) {
    String[] fields = part.split("-");
    if (fields.length == 3) {
      years = fields[0].equals("*") ? null : numbers(fields[0], 1970, 2200);
    } else if (fields.length != 2) {
      throw invalid();
    }
    months = numbers(fields[fields.length - 2], 1, 12);
    days = numbers(fields[fields.length - 1], 1, 31);
  }

  private void readTime(String part) {
    String[] fields = part.split(":");
    if (fields.length == 1) {
      hours = numbers("*", 0, 23);
      minutes = numbers(fields[0], 0, 59);
      return;
    }
    if (fields.length > 3) {
      throw invalid();
    }
    hours = numbers(fields[0], 0, 23);
    minutes = numbers(fields[1], 0, 59);
    if (fields.length == 3) {
      numbers(fields[2], 0, 59);
    }
  }

  private static SortedSet<Integer> numbers(String text, int least, int most) {
    SortedSet<Integer> numbers = new TreeSet<>();
    for (String item : text.split(",", -1)) {
      Matcher matcher = ITEM.matcher(item);
      if (!matcher.matches()) {
        throw invalid();
      }
      boolean any = matcher.group(1).equals("*");
      int from = any ? least : Integer.parseInt(matcher.group(1));
      int step = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
      int to = step > 0 || any ? most : from;
      if (matcher.group(2) != null) {
        to = Integer.parseInt(matcher.group(2));
      }
      if (from < least || to > most || to < from || matcher.group(3) != null && step == 0) {
        throw invalid();
      }
      for (int number = from; number <= to; number += Math.max(1, step)) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  /** The first event after {@code time}; null when there is none within some years. */
  public Instant after(Instant time) {
    LocalDateTime earliest =
        LocalDateTime.ofInstant(time, ZoneOffset.UTC)
            .truncatedTo(ChronoUnit.MINUTES)
            .plusMinutes(1);
    LocalDate last = earliest.toLocalDate().plusYears(YEARS_AHEAD);
    for (LocalDate day = earliest.toLocalDate(); day.isBefore(last); day = day.plusDays(1)) {
      if (!matches(day)) {
        continue;
      }
      for (int hour : hours) {
        for (int minute : minutes) {
          LocalDateTime event = day.atTime(hour, minute);
          if (!event.isBefore(earliest)) {
            return event.toInstant(ZoneOffset.UTC);
          }
        }
      }
    }
    return null;
  }

  private boolean matches(LocalDate day) {
    return (weekdays.isEmpty() || weekdays.contains(day.getDayOfWeek().getValue()))
        && (years == null || years.contains(day.getYear()))
        && months.contains(day.getMonthValue())
        && days.contains(day.getDayOfMonth());
  }

  /** The next {@code count} events after {@code time}. */
  public List<Instant> next(Instant time, int count) {
    List<Instant> events = new ArrayList<>();
    Instant event = time;
    while (events.size() < count) {
      event = after(event);
      if (event == null) {
        break;
      }
      events.add(event);
    }
    return events;
  }
}
