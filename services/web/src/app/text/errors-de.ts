import type { ErrorTexts } from './errors-en.js';

const TRY_AGAIN = 'Versuche es noch einmal. Wenn es wieder fehlschlägt, gib dem Betreiber die Nummer der Anfrage.';
const LATER = 'Warte einen Moment und versuche es noch einmal.';
const SAVE_AGAIN = 'Speichere es mit einem anderen Programm neu und nimm die neue Datei.';

export const errorsDe: ErrorTexts = {
  bad_multipart: { title: 'Die Dateien kamen unvollständig an', remedy: TRY_AGAIN },
  bad_request: {
    title: 'Der Server hat die Anfrage nicht verstanden',
    remedy: 'Lade die Seite neu und versuche es noch einmal.',
  },
  no_files: { title: 'Es wurde keine Datei gesendet', remedy: 'Füge mindestens eine Datei hinzu.' },
  too_many_files: { title: 'Zu viele Dateien', remedy: 'Entferne einige Dateien.' },
  unexpected_field: {
    title: 'Zu viele Dateien für diese Aufgabe',
    remedy: 'Lade die Seite neu und versuche es noch einmal.',
  },
  empty_file: { title: 'Die Datei ist leer', remedy: 'Entferne sie oder wähle sie noch einmal aus.' },
  invalid_params: { title: 'Ein Wert ist nicht gültig', remedy: 'Korrigiere die markierte Einstellung.' },
  unauthorized: { title: 'Der Server verlangt einen API-Schlüssel', remedy: 'Gib einen gültigen Schlüssel ein.' },
  forbidden: { title: 'Der API-Schlüssel erlaubt das nicht', remedy: 'Nimm einen anderen Schlüssel.' },
  not_found: { title: 'Der Server kennt diese Adresse nicht', remedy: 'Lade die Seite neu.' },
  job_not_found: { title: 'Den Auftrag gibt es nicht mehr', remedy: 'Füge die Dateien noch einmal hinzu.' },
  method_not_allowed: { title: 'Der Server erlaubt das nicht', remedy: 'Lade die Seite neu.' },
  request_timeout: {
    title: 'Das Hochladen hat zu lange gedauert',
    remedy: 'Versuche es mit einer schnelleren Verbindung noch einmal.',
  },
  job_unfinished: { title: 'Der Auftrag läuft noch', remedy: LATER },
  job_cancelled: {
    title: 'Der Auftrag wurde abgebrochen',
    remedy: 'Füge die Dateien für einen neuen noch einmal hinzu.',
  },
  idempotency_conflict: { title: 'Das wurde schon mit anderen Dateien gesendet', remedy: 'Versuche es noch einmal.' },
  expired: { title: 'Das Ergebnis wurde gelöscht', remedy: 'Füge die Dateien noch einmal hinzu.' },
  upload_too_large: { title: 'Die Dateien sind zu groß', remedy: 'Sende weniger oder kleinere Dateien.' },
  too_many_pixels: { title: 'Das Bild hat zu viele Pixel', remedy: 'Verkleinere es und nimm die neue Datei.' },
  too_many_pages: { title: 'Zu viele Seiten', remedy: 'Teile die Datei in kleinere.' },
  unsupported_format: {
    title: 'Dieses Dateiformat geht nicht',
    remedy: 'Speichere die Datei in einem der möglichen Formate.',
  },
  range_not_satisfiable: {
    title: 'Der Download lässt sich dort nicht fortsetzen',
    remedy: 'Lade die Datei noch einmal herunter.',
  },
  corrupt_pdf: { title: 'Das PDF ist beschädigt und lässt sich nicht reparieren', remedy: SAVE_AGAIN },
  corrupt_image: { title: 'Das Bild ist beschädigt', remedy: SAVE_AGAIN },
  password_required: {
    title: 'Die Datei braucht ein Passwort',
    remedy: 'Gib ihr Passwort ein und starte noch einmal.',
  },
  password_wrong: { title: 'Das Passwort ist falsch', remedy: 'Korrigiere es und starte noch einmal.' },
  invalid_range: { title: 'Eine Seite gibt es nicht', remedy: 'Wähle andere Seiten.' },
  signed_pdf: {
    title: 'Die Datei ist signiert',
    remedy: 'Lass die Signaturen entfernen oder verzichte auf das Passwort.',
  },
  rate_limited: { title: 'Zu viele Anfragen', remedy: LATER },
  queue_full: { title: 'Zu viele Aufträge warten', remedy: LATER },
  internal_error: { title: 'Der Server hat einen Fehler gemacht', remedy: TRY_AGAIN },
  worker_crashed: { title: 'Der Auftrag ist abgestürzt', remedy: TRY_AGAIN },
  storage_corrupted: { title: 'Eine gespeicherte Datei ist beschädigt', remedy: TRY_AGAIN },
  out_of_memory: { title: 'Der Auftrag brauchte zu viel Speicher', remedy: 'Sende weniger oder kleinere Dateien.' },
  bad_gateway: { title: 'Der Server hat die Verbindung geschlossen', remedy: LATER },
  overloaded: { title: 'Der Server ist ausgelastet', remedy: LATER },
  shutting_down: { title: 'Der Server startet neu', remedy: LATER },
  redis_unavailable: { title: 'Der Server kann gerade keine Aufträge speichern', remedy: LATER },
  storage_unavailable: { title: 'Der Server kann gerade keine Dateien speichern', remedy: LATER },
  time_limit: { title: 'Der Auftrag hat zu lange gedauert', remedy: 'Sende weniger oder kleinere Dateien.' },
  disk_full: { title: 'Die Festplatte des Servers ist voll', remedy: 'Warte eine Minute und versuche es noch einmal.' },
};
