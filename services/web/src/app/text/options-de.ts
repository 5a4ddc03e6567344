import type { OptionTexts } from './options-en.js';

export const optionsDe: OptionTexts = {
  output_name: { label: 'Dateiname', help: 'Name des Ergebnisses. Ohne Angabe wird er automatisch gewählt.' },
  output_password: {
    label: 'Mit Passwort schützen',
    help: 'Das Ergebnis wird verschlüsselt und öffnet sich nur mit diesem Passwort.',
  },
  retain: { label: 'Aufbewahren (Sekunden)', help: 'Zeit, bis das Ergebnis vom Server gelöscht wird.' },
  bookmarks: {
    label: 'Lesezeichen',
    help: 'Wie die Lesezeichen der Dateien im Ergebnis erscheinen.',
    values: {
      nest: 'Je Datei eines, eigene darunter',
      preserve: 'Wie in den Dateien',
      filenames: 'Nur eines je Datei',
      none: 'Keine',
    },
  },
  toc: { label: 'Inhaltsverzeichnis', help: 'Am Anfang steht eine Seite mit Links zu jeder Datei.' },
  pad_to_even: {
    label: 'Für beidseitigen Druck',
    help: 'Nach jeder Datei mit ungerader Seitenzahl folgt eine leere Seite.',
  },
  collate: { label: 'Seiten abwechselnd', help: 'Zuerst Seite 1 jeder Datei, dann Seite 2 und so weiter.' },
  level: {
    label: 'Stärke',
    help: 'Abwägung von Größe und Qualität der Bilder.',
    values: {
      screen: 'Klein, für Bildschirme (96 dpi)',
      ebook: 'Ausgewogen (144 dpi)',
      print: 'Hohe Qualität, Druck (300 dpi)',
      lossless: 'Ohne jeden Verlust',
      max: 'Ausgewogen, kleiner (langsamer)',
    },
  },
  color_mode: {
    label: 'Farben',
    help: 'Weniger Farben machen Scans viel kleiner.',
    values: { 'no-change': 'Behalten', grayscale: 'Graustufen', bitonal: 'Schwarz-weiß' },
  },
  target_size: {
    label: 'Zielgröße',
    help: 'Die Qualität sinkt, bis das Ergebnis passt. Der Bericht sagt, ob es gelingt.',
  },
  dpi: {
    label: 'Auflösung (dpi)',
    help: 'Bilder darüber werden darauf verringert. Ersetzt den Wert der gewählten Stärke.',
  },
  image_quality: { label: 'JPEG-Qualität', help: '1 bis 100. Ersetzt den Wert der gewählten Stärke.' },
  bilevel: {
    label: 'Kodierung für Schwarz-weiß',
    help: 'CCITT ist für Archive, die JBIG2 nicht erlauben.',
    values: { jbig2: 'JBIG2 (am kleinsten)', ccitt: 'CCITT Gruppe 4' },
  },
  min_dpi: { label: 'Niedrigste Auflösung (dpi)', help: 'Die Zielgröße führt nie darunter.' },
  min_quality: { label: 'Niedrigste JPEG-Qualität', help: 'Die Zielgröße führt nie darunter.' },
  strip_metadata: {
    label: 'Metadaten entfernen',
    help: 'Entfernt Titel, Autor, Vorschaubilder und Farbprofile. Farben können sich leicht ändern.',
  },
  on_signed: {
    label: 'Signierte Dateien',
    help: 'Jede Änderung macht Signaturen ungültig.',
    values: { keep: 'Unverändert zurückgeben', compress: 'Ohne Signaturen verkleinern' },
  },
  linearize: {
    label: 'Schnelle Webanzeige',
    help: 'Die erste Seite erscheint, bevor die Datei vollständig geladen ist. Die Datei kann etwas größer werden.',
  },
  dry_run: { label: 'Nur testen', help: 'Berichtet die mögliche Ersparnis und gibt die Datei unverändert zurück.' },
  page_size: {
    label: 'Seitengröße',
    help: 'Automatisch macht jede Seite so groß wie ihr Bild.',
    values: { auto: 'Wie das Bild', letter: 'Letter', legal: 'Legal' },
  },
  orientation: {
    label: 'Ausrichtung',
    help: 'Automatisch dreht jede Seite passend zu ihrem Bild.',
    values: { auto: 'Automatisch', portrait: 'Hochformat', landscape: 'Querformat' },
  },
  'image-to-pdf.dpi': {
    label: 'Auflösung (dpi)',
    help: 'Bestimmt, wie groß ein Bild auf seiner Seite ist. Automatisch nimmt die der Datei.',
  },
  margin: { label: 'Rand', help: 'Abstand um jedes Bild, zum Beispiel 10mm.' },
  fit: {
    label: 'Einpassen',
    help: 'Wie ein Bild seine Seite füllt.',
    values: {
      contain: 'Ganzes Bild',
      cover: 'Seite füllen, Rest abschneiden',
      fill: 'Strecken',
      shrink: 'Nur verkleinern',
    },
  },
  background: { label: 'Hintergrund', help: 'Farbe hinter durchsichtigen Bildern, etwa white oder #ffeecc.' },
  frames: {
    label: 'Animationen',
    help: 'Welche Einzelbilder zu Seiten werden.',
    values: { all: 'Alle Einzelbilder', first: 'Erstes Einzelbild' },
  },
  combine: { label: 'Ein PDF für alle Bilder', help: 'Ohne dies enthält ein ZIP ein PDF je Bild.' },
};
