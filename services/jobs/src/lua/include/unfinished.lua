local function is_unfinished(status)
  return status == 'queued' or status == 'active'
end
