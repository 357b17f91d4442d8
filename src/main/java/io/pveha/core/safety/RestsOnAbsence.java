package io.pveha.core.safety;

import java.util.List;

/** A step that makes, removes or narrows something, and what it takes for absent. */
public interface RestsOnAbsence {

  /** What must be proven absent before it is taken; empty when it rests on what is seen only. */
  List<Absence> assumesAbsent();
}
